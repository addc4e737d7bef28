-- +goose Up

-- Who may write in whose name (package users): a delegate of an account.
CREATE TABLE user_delegates (
	user_id  BIGINT NOT NULL REFERENCES users (id),
	delegate BIGINT NOT NULL REFERENCES users (id),
	company  BIGINT NOT NULL,
	place    BIGINT NOT NULL, -- tx.Next('places'): in order of addition
	PRIMARY KEY (user_id, delegate)
);

-- Who follows whom. Each account has two lists in one table: those who follow it and those it
-- follows.
CREATE TABLE follows (
	followed BIGINT NOT NULL REFERENCES users (id),
	follower BIGINT NOT NULL REFERENCES users (id),
	company  BIGINT NOT NULL,
	place    BIGINT NOT NULL, -- tx.Next('places'): in order of time
	PRIMARY KEY (followed, follower)
);
CREATE INDEX follows_followers ON follows (followed, place, follower);
CREATE INDEX follows_following ON follows (follower, place, followed);

-- How many members each stretch of such a list holds, so that the one at a rank is found without
-- walking there. A stretch reaches from its first place to the next one's.
CREATE TABLE follow_stretches (
	user_id BIGINT NOT NULL REFERENCES users (id),
	side    TEXT   NOT NULL, -- followers, following
	first   BIGINT NOT NULL, -- the place it begins at
	members BIGINT NOT NULL,
	PRIMARY KEY (user_id, side, first)
);

-- What commands a service account understands, as it says itself.
CREATE TABLE user_manifests (
	user_id  BIGINT PRIMARY KEY REFERENCES users (id),
	company  BIGINT NOT NULL,
	manifest TEXT   NOT NULL, -- a JSON document
	updated  BIGINT NOT NULL
);

-- An account's picture is told by its hash, which is part of the picture's address; empty: none.
ALTER TABLE users ADD COLUMN avatar TEXT NOT NULL DEFAULT '';

-- That picture in each size.
CREATE TABLE user_avatars (
	user_id BIGINT NOT NULL REFERENCES users (id),
	size    TEXT   NOT NULL, -- 50, 150, 500, 600, orig
	company BIGINT NOT NULL,
	hash    TEXT   NOT NULL,
	content BYTEA  NOT NULL, -- PNG
	PRIMARY KEY (user_id, size)
);

-- What a company has its people read before they talk (package disclaimers).
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

-- Which one is assigned to an account: at most one.
CREATE TABLE user_disclaimers (
	user_id    BIGINT PRIMARY KEY REFERENCES users (id),
	company    BIGINT NOT NULL,
	disclaimer TEXT   NOT NULL,
	place      BIGINT NOT NULL, -- tx.Next('places'): users of one are in this order
	FOREIGN KEY (company, disclaimer) REFERENCES disclaimers (company, id)
);
CREATE INDEX user_disclaimers_by_disclaimer ON user_disclaimers (company, disclaimer, place);
