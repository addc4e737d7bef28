-- +goose Up

-- One row that a node changes to learn whether the database accepts writes (/readyz).
CREATE TABLE write_tries (
    id BIGINT PRIMARY KEY,
    tried BIGINT NOT NULL
);
