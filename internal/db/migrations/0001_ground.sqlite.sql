-- +goose Up

-- The numbers that tx.Next gave last.
CREATE TABLE sequences (
	name TEXT PRIMARY KEY,
	last BIGINT NOT NULL
) WITHOUT ROWID;
