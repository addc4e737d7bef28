-- +goose Up

-- How often the members of a group have changed: nodes that remember them (package barriers,
-- recall.go) look whether they still are who they were.
ALTER TABLE barrier_groups ADD COLUMN turns BIGINT NOT NULL DEFAULT 0;
