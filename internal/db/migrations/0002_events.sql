-- +goose Up

-- What happened, a row a fact, written in the transaction that did it (package event).
CREATE TABLE events (
	position      BIGINT NOT NULL, -- tx.Position of the transaction
	seq           BIGINT NOT NULL, -- tx.Next('events')
	company       BIGINT NOT NULL,
	kind          TEXT   NOT NULL,
	at            BIGINT NOT NULL, -- milliseconds
	actor         BIGINT NOT NULL, -- the user who did it, 0 for the pod itself
	actor_name    TEXT   NOT NULL, -- that user's name then
	actor_email   TEXT   NOT NULL, -- and e-mail address
	app           TEXT   NOT NULL, -- the application that did it on the actor's behalf
	roles         TEXT   NOT NULL, -- the actor's roles then, separated by spaces
	subject       TEXT   NOT NULL, -- the id of what it was done to
	subject_name  TEXT   NOT NULL, -- of an account: its user name then
	subject_email TEXT   NOT NULL, -- and e-mail address
	data          TEXT   NOT NULL, -- the fact, as JSON
	PRIMARY KEY (position, seq)
);
CREATE INDEX events_by_company ON events (company, position, seq);
CREATE INDEX events_by_time ON events (company, at);
