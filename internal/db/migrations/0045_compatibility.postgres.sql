-- +goose Up

-- One row that says which versions of podium may use these tables.
CREATE TABLE compatibility (
	one    BIGINT PRIMARY KEY, -- 1: there is one row
	oldest BIGINT NOT NULL, -- a podium must know the migration of this number to write
	newest BIGINT NOT NULL  -- the last migration that was applied, by a podium that follows the rule
);
INSERT INTO compatibility (one, oldest, newest) VALUES (1, 0, 45);
