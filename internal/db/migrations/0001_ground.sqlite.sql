-- +goose Up

-- The number that each sequence gave last.
CREATE TABLE sequences (
	name TEXT PRIMARY KEY,
	last BIGINT NOT NULL
) WITHOUT ROWID;
