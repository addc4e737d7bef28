-- +goose Up

-- One-time links by which accounts sign in to the console.
CREATE TABLE signin_links (
	code    TEXT PRIMARY KEY, -- the SHA-256 of the code, in hexadecimal
	company BIGINT NOT NULL,
	user_id BIGINT NOT NULL,
	expires BIGINT NOT NULL -- milliseconds
);
CREATE INDEX signin_links_by_end ON signin_links (expires);

-- How many sign-ins of a client or of an account have failed lately.
CREATE TABLE signin_tries (
	bucket  TEXT PRIMARY KEY, -- whose tries: an address, an account or a browser
	used_up BIGINT NOT NULL -- milliseconds: each try adds to it, and the time makes up for it
);
CREATE INDEX signin_tries_by_time ON signin_tries (used_up);
