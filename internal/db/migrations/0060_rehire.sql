-- +goose Up

-- The folded e-mail address of a disabled account whose address another account may have, or has;
-- then email_folded is a text that no address is. Empty: email_folded holds the address, as it does
-- for accounts that an older pod disabled.
ALTER TABLE users ADD COLUMN email_left TEXT NOT NULL DEFAULT '';
CREATE INDEX users_by_email_left ON users (company, email_left, id) WHERE email_left <> '';
