-- +goose Up

-- The facts about a stream that concern a company, in order. Facts about streams, and no others, are of kinds that begin
-- with "stream."; their subject is the stream.
CREATE INDEX events_by_stream ON events (subject, company, position, seq) WHERE substr(kind, 1, 7) = 'stream.';

-- One row with the place in the log up to which facts about streams were told to all companies that
-- they concern.
CREATE TABLE facts_told (
	one      BIGINT PRIMARY KEY,
	position BIGINT NOT NULL,
	seq      BIGINT NOT NULL
);
INSERT INTO facts_told (one, position, seq) VALUES (1, -1, 0);
