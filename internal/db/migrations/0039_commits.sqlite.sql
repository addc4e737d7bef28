-- +goose Up

-- SQLite answers a COMMIT always: there is no connection that could be lost.
SELECT 1;
