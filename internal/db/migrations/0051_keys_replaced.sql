-- +goose Up

-- When the key was replaced; 0: it is the current one, or an older pod has replaced it. No key is
-- extended beyond 90 days from then.
ALTER TABLE user_keys ADD COLUMN replaced BIGINT NOT NULL DEFAULT 0;
ALTER TABLE app_keys ADD COLUMN replaced BIGINT NOT NULL DEFAULT 0;
