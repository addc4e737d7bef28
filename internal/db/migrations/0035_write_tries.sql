-- +goose Up

-- One row, which a node changes to find out whether the database takes changes (/readyz).
CREATE TABLE write_tries (
    id BIGINT PRIMARY KEY,
    tried BIGINT NOT NULL
);
