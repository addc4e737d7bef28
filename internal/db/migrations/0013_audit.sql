-- +goose Up

-- The roles by which the actor was allowed to do it, of those whose use is audited, separated by
-- spaces; empty: no audited action.
ALTER TABLE events ADD COLUMN allowed_by TEXT NOT NULL DEFAULT '';

-- An index over the audited facts, so that reading the audit trail costs nothing for the many facts
-- that are not: a row for each role that allowed a fact, and one with role '' for each fact. Every
-- read, however deep its page, goes along one of the two keys alone.
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
