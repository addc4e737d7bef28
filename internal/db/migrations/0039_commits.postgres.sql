-- +goose Up

-- A mark for each transaction of the pod's, written in it: where the answer to a COMMIT is lost,
-- the mark tells what became of the transaction, on whichever server the database then is. A mark
-- that the pod puts there itself (fence) keeps the transaction from committing later.
CREATE TABLE commits (
	id    UUID    PRIMARY KEY, -- begins with the time in milliseconds
	fence BOOLEAN NOT NULL
);

-- Marks below this one were cleared away: of their transactions nothing can be told.
CREATE TABLE commits_cleared (
	below UUID NOT NULL
);
INSERT INTO commits_cleared (below) VALUES ('00000000-0000-0000-0000-000000000000');
