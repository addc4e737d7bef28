-- +goose Up

-- The passwords of people, as their clients derived them. No operation shows them or logs in by
-- them.
CREATE TABLE user_passwords (
	user_id     BIGINT PRIMARY KEY REFERENCES users (id),
	h_salt      TEXT   NOT NULL, -- for the pod
	h_password  TEXT   NOT NULL,
	kh_salt     TEXT   NOT NULL, -- for the key manager
	kh_password TEXT   NOT NULL
);

-- The place of every 256th account in the list of a company's accounts. A row never changes.
CREATE TABLE user_milestones (
	company BIGINT NOT NULL,
	place   BIGINT NOT NULL, -- a multiple of 256
	user_id BIGINT NOT NULL,
	PRIMARY KEY (company, place)
);

CREATE INDEX users_by_status ON users (company, status, id);

-- What happens to names that mix scripts: allow, flag, refuse.
ALTER TABLE companies ADD COLUMN mixed_scripts TEXT NOT NULL DEFAULT 'refuse';
