-- +goose Up

-- How often all sessions of the account were ended at once. A login that began before such an end opens no session.
ALTER TABLE users ADD COLUMN sessions_ended BIGINT NOT NULL DEFAULT 0;
