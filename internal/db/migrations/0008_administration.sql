-- +goose Up

-- Passwords of people, as their clients derived them. No operation shows them or logs in by them.
CREATE TABLE user_passwords (
	user_id     BIGINT PRIMARY KEY REFERENCES users (id),
	h_salt      TEXT   NOT NULL, -- for the pod
	h_password  TEXT   NOT NULL,
	kh_salt     TEXT   NOT NULL, -- for the key manager
	kh_password TEXT   NOT NULL
);
