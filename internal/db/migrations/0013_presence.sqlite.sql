-- +goose Up

-- How each user is present (package presence): one row for each user who ever set a presence or was
-- connected. A feed is a cursor over these rows, by the number of each one's last change.
CREATE TABLE presence (
	user_id  BIGINT  PRIMARY KEY REFERENCES users (id),
	company  BIGINT  NOT NULL,
	enabled  BOOLEAN NOT NULL, -- whether the account is
	desired  TEXT    NOT NULL, -- the category chosen last; empty: none yet
	chosen   BIGINT  NOT NULL, -- milliseconds: when
	hard     BOOLEAN NOT NULL, -- it holds whatever the user does
	seen     BIGINT  NOT NULL, -- milliseconds: the last sign of a real-time channel; 0: not connected
	active   BIGINT  NOT NULL, -- milliseconds: the last activity
	category TEXT    NOT NULL, -- as others see it since "at"
	at       BIGINT  NOT NULL,
	due      BIGINT  NOT NULL, -- milliseconds: when the clock changes it next; 0: never
	position BIGINT  NOT NULL, -- tx.Position and tx.Next('presence') of the category's last change
	seq      BIGINT  NOT NULL
);
CREATE INDEX presence_by_number ON presence (company, position, seq);
CREATE INDEX presence_by_due ON presence (due) WHERE due > 0;

-- Whose presence, of another company, a user wants to know, and what was last told.
CREATE TABLE presence_interests (
	reader   BIGINT NOT NULL REFERENCES users (id),
	subject  BIGINT NOT NULL REFERENCES users (id),
	until    BIGINT NOT NULL, -- milliseconds
	category TEXT   NOT NULL, -- what was told at "told"
	at       BIGINT NOT NULL, -- since when it was so
	told     BIGINT NOT NULL, -- milliseconds; 0: nothing yet
	PRIMARY KEY (reader, subject)
);
CREATE INDEX presence_interests_by_end ON presence_interests (until);

-- Feeds: how far each has been read, and no more.
CREATE TABLE presence_feeds (
	id          TEXT   PRIMARY KEY,
	company     BIGINT NOT NULL,
	owner       BIGINT NOT NULL REFERENCES users (id),
	position    BIGINT NOT NULL, -- behind the change of these numbers
	seq         BIGINT NOT NULL,
	used        BIGINT NOT NULL, -- milliseconds: the last read, roughly
	lease       TEXT   NOT NULL, -- of the read that is answering now
	lease_until BIGINT NOT NULL  -- milliseconds; 0: none
);
CREATE INDEX presence_feeds_by_owner ON presence_feeds (owner);
CREATE INDEX presence_feeds_by_use ON presence_feeds (used);
