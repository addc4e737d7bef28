-- +goose Up

-- Whether h_password and kh_password are hashed with argon2id, or are as an administrator sent them.
-- A running pod hashes those that an older podium has stored.
ALTER TABLE user_passwords ADD COLUMN sealed BOOLEAN NOT NULL DEFAULT FALSE;
CREATE INDEX user_passwords_by_seal ON user_passwords (sealed, user_id);
