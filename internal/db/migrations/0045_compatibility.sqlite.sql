-- +goose Up

-- Which podium may use these tables (internal/db, compatible.go).
CREATE TABLE compatibility (
	one    BIGINT PRIMARY KEY, -- 1: there is one row
	oldest BIGINT NOT NULL, -- a podium must know the migration of this number to write
	newest BIGINT NOT NULL  -- the last migration that was applied, by a podium that follows the rule
);
INSERT INTO compatibility (one, oldest, newest) VALUES (1, 0, 45);

-- The position of all rows that are followed, as far as they are written here: 0, or the highest
-- that a backup of a PostgreSQL database brought.
CREATE TABLE positions (
	ahead BIGINT NOT NULL
);
INSERT INTO positions (ahead) VALUES (0);
