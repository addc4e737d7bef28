-- +goose Up

-- The facts about a stream that concern a company, in order. Facts about streams, and no others, are of kinds that begin
-- with "stream."; their subject is the stream.
CREATE INDEX events_by_stream ON events (subject, company, position, seq) WHERE substr(kind, 1, 7) = 'stream.';

-- Up to where facts have been told to all companies that they concern (package journal): one row. An older podium tells a
-- fact about a stream to the company of the actor alone; a start tells the others.
CREATE TABLE facts_told (
	one      BIGINT PRIMARY KEY,
	position BIGINT NOT NULL,
	seq      BIGINT NOT NULL
);
INSERT INTO facts_told (one, position, seq) VALUES (1, -1, 0);
