-- +goose Up

CREATE SEQUENCE sequence_presence CACHE 1;

-- The presence of each user who ever set one or was connected. Feeds follow these rows by the
-- number of the last change.
CREATE TABLE presence (
	user_id  BIGINT  PRIMARY KEY REFERENCES users (id),
	company  BIGINT  NOT NULL,
	enabled  BOOLEAN NOT NULL, -- whether the account is enabled
	desired  TEXT    NOT NULL, -- the category chosen last; empty: none yet
	chosen   BIGINT  NOT NULL, -- milliseconds: when it was chosen
	hard     BOOLEAN NOT NULL, -- whether activity does not change it
	seen     BIGINT  NOT NULL, -- milliseconds: the last sign of a real-time channel; 0: not connected
	active   BIGINT  NOT NULL, -- milliseconds: the last activity
	category TEXT    NOT NULL, -- as others see it since the time in at
	at       BIGINT  NOT NULL,
	due      BIGINT  NOT NULL, -- milliseconds: when the clock changes it next; 0: never
	position BIGINT  NOT NULL, -- tx.Position and tx.Next('presence') of the category's last change
	seq      BIGINT  NOT NULL
);
CREATE INDEX presence_by_number ON presence (company, position, seq);
CREATE INDEX presence_by_due ON presence (due) WHERE due > 0;

-- The interest of a user in the presence of a user of another company, and the answer that was
-- given last.
CREATE TABLE presence_interests (
	reader   BIGINT NOT NULL REFERENCES users (id),
	subject  BIGINT NOT NULL REFERENCES users (id),
	until    BIGINT NOT NULL, -- milliseconds
	category TEXT   NOT NULL, -- the category that was answered last
	at       BIGINT NOT NULL, -- since when the user had that category
	told     BIGINT NOT NULL, -- milliseconds: when it was answered; 0: not yet
	PRIMARY KEY (reader, subject)
);
CREATE INDEX presence_interests_by_end ON presence_interests (until);

-- The presence feeds: the position of each.
CREATE TABLE presence_feeds (
	id          TEXT   PRIMARY KEY,
	company     BIGINT NOT NULL,
	owner       BIGINT NOT NULL REFERENCES users (id),
	position    BIGINT NOT NULL, -- the feed has delivered the changes up to these numbers
	seq         BIGINT NOT NULL,
	used        BIGINT NOT NULL, -- milliseconds: the last read, roughly
	lease       TEXT   NOT NULL, -- of the read that is answering now
	lease_until BIGINT NOT NULL  -- milliseconds; 0: none
);
CREATE INDEX presence_feeds_by_owner ON presence_feeds (owner);
CREATE INDEX presence_feeds_by_use ON presence_feeds (used);
