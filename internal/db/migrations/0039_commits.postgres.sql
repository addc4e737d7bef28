-- +goose Up

-- The mark tells what became of the transaction, on whichever server the database then is. A mark
-- that the pod writes itself (fence) keeps the transaction from committing later.

-- A mark for each transaction that writes, so that a node whose answer to COMMIT was lost can learn
-- the result.
CREATE TABLE commits (
	id    UUID    PRIMARY KEY, -- begins with the time in milliseconds
	fence BOOLEAN NOT NULL
);

-- The mark below which marks were deleted: the result of their transactions is unknown.
CREATE TABLE commits_cleared (
	below UUID NOT NULL
);
INSERT INTO commits_cleared (below) VALUES ('00000000-0000-0000-0000-000000000000');
