-- +goose Up

-- How often the members of the group have changed. Nodes that cache the members (package barriers,
-- recall.go) compare it.
ALTER TABLE barrier_groups ADD COLUMN turns BIGINT NOT NULL DEFAULT 0;
