-- +goose Up

-- Positions are always 0 on SQLite: there is one writer, and nothing to settle after a restore.
SELECT 1;
