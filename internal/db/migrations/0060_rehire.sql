-- +goose Up

-- The folded e-mail address of a disabled account, which another account may have. Then email_folded
-- is a text that is no address. Empty: email_folded has the address, as in accounts that an older
-- pod disabled.
ALTER TABLE users ADD COLUMN email_left TEXT NOT NULL DEFAULT '';
CREATE INDEX users_by_email_left ON users (company, email_left, id) WHERE email_left <> '';
