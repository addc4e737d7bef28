-- +goose Up

-- Which server and timeline gave the transaction ids that positions were last counted from:
-- its system identifier and timeline, empty where it cannot be told.
ALTER TABLE positions ADD COLUMN server TEXT NOT NULL DEFAULT '';

-- The tables whose rows have positions and are followed. The migration that makes such a table adds
-- its name here: after a restore, positions begin after the highest of all of them.
CREATE TABLE followed (
	name TEXT PRIMARY KEY
);
INSERT INTO followed (name) VALUES ('events'), ('presence');
