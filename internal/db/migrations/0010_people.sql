-- +goose Up

-- The accounts that may act for another account, as the API lists them.
CREATE TABLE user_delegates (
	user_id  BIGINT NOT NULL REFERENCES users (id),
	delegate BIGINT NOT NULL REFERENCES users (id),
	company  BIGINT NOT NULL,
	place    BIGINT NOT NULL, -- tx.Next('places'): in order of addition
	PRIMARY KEY (user_id, delegate)
);

-- The users who follow other users.
CREATE TABLE follows (
	followed BIGINT NOT NULL REFERENCES users (id),
	follower BIGINT NOT NULL REFERENCES users (id),
	company  BIGINT NOT NULL,
	place    BIGINT NOT NULL, -- tx.Next('places'): in order of time
	PRIMARY KEY (followed, follower)
);
CREATE INDEX follows_followers ON follows (followed, place, follower);
CREATE INDEX follows_following ON follows (follower, place, followed);

-- The number of members of each stretch of a list of followers; finds a rank without a walk.
CREATE TABLE follow_stretches (
	user_id BIGINT NOT NULL REFERENCES users (id),
	side    TEXT   NOT NULL, -- followers, following
	first   BIGINT NOT NULL, -- the place it begins at
	members BIGINT NOT NULL,
	PRIMARY KEY (user_id, side, first)
);

-- The manifest that a service account publishes of itself.
CREATE TABLE user_manifests (
	user_id  BIGINT PRIMARY KEY REFERENCES users (id),
	company  BIGINT NOT NULL,
	manifest TEXT   NOT NULL, -- a JSON document
	updated  BIGINT NOT NULL
);

-- The hash of the account's picture, which is part of the picture's address; empty: none.
ALTER TABLE users ADD COLUMN avatar TEXT NOT NULL DEFAULT '';

-- The picture of an account in each size.
CREATE TABLE user_avatars (
	user_id BIGINT NOT NULL REFERENCES users (id),
	size    TEXT   NOT NULL, -- 50, 150, 500, 600, orig
	company BIGINT NOT NULL,
	hash    TEXT   NOT NULL,
	content BYTEA  NOT NULL, -- PNG
	PRIMARY KEY (user_id, size)
);

-- The disclaimers of a company.
CREATE TABLE disclaimers (
	company    BIGINT  NOT NULL REFERENCES companies (id),
	id         TEXT    NOT NULL, -- 24 hex digits
	name       TEXT    NOT NULL,
	content    TEXT    NOT NULL,
	format     TEXT    NOT NULL, -- TEXT, XML
	hours      BIGINT  NOT NULL, -- how often it is shown again
	is_default BOOLEAN NOT NULL, -- for whom none is assigned; at most one of a company
	active     BOOLEAN NOT NULL,
	created    BIGINT  NOT NULL,
	modified   BIGINT  NOT NULL,
	place      BIGINT  NOT NULL, -- tx.Next('places'): lists are in this order
	PRIMARY KEY (company, id)
);
CREATE INDEX disclaimers_by_place ON disclaimers (company, place);

-- The disclaimer that is assigned to an account, at most one.
CREATE TABLE user_disclaimers (
	user_id    BIGINT PRIMARY KEY REFERENCES users (id),
	company    BIGINT NOT NULL,
	disclaimer TEXT   NOT NULL,
	place      BIGINT NOT NULL, -- tx.Next('places'): users of one are in this order
	FOREIGN KEY (company, disclaimer) REFERENCES disclaimers (company, id)
);
CREATE INDEX user_disclaimers_by_disclaimer ON user_disclaimers (company, disclaimer, place);
