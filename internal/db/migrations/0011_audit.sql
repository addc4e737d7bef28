-- +goose Up

-- The audited roles by which the actor was allowed to act, separated by spaces; empty: no audited
-- action.
ALTER TABLE events ADD COLUMN allowed_by TEXT NOT NULL DEFAULT '';

-- Reading the audit trail costs nothing for the many facts that are not audited. Every read,
-- however deep its page, goes along one of the two keys alone.

-- An index of the audited facts: a row for each role that allowed a fact, and one with an empty
-- role.
CREATE TABLE audit_trail (
	company  BIGINT NOT NULL,
	role     TEXT   NOT NULL,
	at       BIGINT NOT NULL, -- as in events
	position BIGINT NOT NULL,
	seq      BIGINT NOT NULL,
	actor    BIGINT NOT NULL,
	PRIMARY KEY (company, role, at, position, seq)
);
CREATE INDEX audit_trail_by_actor ON audit_trail (company, actor, role, at, position, seq);

-- The chain of a company: a row for each sealed fact, in the order of the log. A row never changes.
CREATE TABLE event_seals (
	company  BIGINT NOT NULL,
	number   BIGINT NOT NULL, -- 1, 2, 3 … without a gap
	position BIGINT NOT NULL, -- of the fact
	seq      BIGINT NOT NULL,
	hash     TEXT   NOT NULL, -- over the hash before, the number and the whole fact; base64url
	PRIMARY KEY (company, number)
);

-- The checkpoints of a company's chain: the end of each batch of seals, signed with the company's
-- key.
CREATE TABLE event_checkpoints (
	company   BIGINT NOT NULL,
	number    BIGINT NOT NULL, -- of the last seal before it
	previous  BIGINT NOT NULL, -- of the checkpoint before, 0 for the first
	position  BIGINT NOT NULL,
	seq       BIGINT NOT NULL,
	hash      TEXT   NOT NULL, -- of that seal
	at        BIGINT NOT NULL, -- milliseconds
	kid       TEXT   NOT NULL, -- the thumbprint of the key
	signature TEXT   NOT NULL, -- base64url
	PRIMARY KEY (company, number)
);
