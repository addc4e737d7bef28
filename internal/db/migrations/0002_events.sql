-- +goose Up

-- The log: a row for each fact and company that the fact concerns, written in the transaction that
-- did it.
CREATE TABLE events (
	position      BIGINT NOT NULL, -- tx.Position of the transaction
	seq           BIGINT NOT NULL, -- tx.Next('events')
	company       BIGINT NOT NULL,
	kind          TEXT   NOT NULL,
	at            BIGINT NOT NULL, -- milliseconds
	actor         BIGINT NOT NULL, -- the user who acted, 0 for the pod itself
	actor_name    TEXT   NOT NULL, -- the user name of the actor at that time
	actor_email   TEXT   NOT NULL, -- the e-mail address of the actor at that time
	app           TEXT   NOT NULL, -- the application that acted on the actor's behalf
	roles         TEXT   NOT NULL, -- the actor's roles at that time, separated by spaces
	subject       TEXT   NOT NULL, -- the id of what the fact is about
	subject_name  TEXT   NOT NULL, -- of an account: its user name at that time
	subject_email TEXT   NOT NULL, -- of an account: its e-mail address at that time
	data          TEXT   NOT NULL, -- the fact, as JSON
	PRIMARY KEY (position, seq)
);
CREATE INDEX events_by_company ON events (company, position, seq);
CREATE INDEX events_by_time ON events (company, at);
