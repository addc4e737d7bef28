-- +goose Up

-- The locks: a transaction that locks a key locks the row of the key's bucket.
CREATE TABLE locks (
	bucket BIGINT PRIMARY KEY
);

-- How far positions run ahead of the transaction ids of the server: more than 0 only after a
-- restore.
CREATE TABLE positions (
	ahead BIGINT NOT NULL
);
INSERT INTO positions (ahead) VALUES (0);

-- The sequences of tx.Next, each named sequence_NAME.
CREATE SEQUENCE sequence_events CACHE 1;
CREATE SEQUENCE sequence_users CACHE 1;
CREATE SEQUENCE sequence_certificates CACHE 1;
CREATE SEQUENCE sequence_places CACHE 1;
