-- +goose Up

-- The contents in the blob store. A content may be deleted when it is long since it was stored and
-- no row of message_files names it.
CREATE TABLE blobs (
	sha256 TEXT   PRIMARY KEY, -- in hexadecimal digits
	size   BIGINT NOT NULL,    -- bytes
	used   BIGINT NOT NULL     -- when it was last stored; 0: rows of message_files name it
);
CREATE INDEX blobs_by_used ON blobs (used);

-- The files that users have uploaded for messages that they have not sent yet.
CREATE TABLE pending_files (
	id           TEXT   PRIMARY KEY, -- as clients name it
	owner        BIGINT NOT NULL,    -- who may send it
	stream       BIGINT NOT NULL,    -- that it was uploaded to
	name         TEXT   NOT NULL,
	size         BIGINT NOT NULL,    -- bytes
	content_type TEXT   NOT NULL,    -- by the content
	sha256       TEXT   NOT NULL,    -- of the content, in hexadecimal digits
	previews     TEXT   NOT NULL,    -- as message_files has them
	expires      BIGINT NOT NULL
);
CREATE INDEX pending_files_by_expires ON pending_files (expires);
