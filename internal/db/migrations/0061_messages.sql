-- +goose Up

-- A message, beside an article that was shared (content). Older podiums share articles into the same
-- rows. An id of another message is empty if there is none.
ALTER TABLE stream_messages ADD COLUMN body TEXT NOT NULL DEFAULT '';           -- PresentationML; empty: a shared article
ALTER TABLE stream_messages ADD COLUMN data TEXT NOT NULL DEFAULT '';           -- EntityJSON
ALTER TABLE stream_messages ADD COLUMN words TEXT NOT NULL DEFAULT '';          -- the folded text: what a search compares
ALTER TABLE stream_messages ADD COLUMN agent TEXT NOT NULL DEFAULT '';          -- the program that it was sent with
ALTER TABLE stream_messages ADD COLUMN session TEXT NOT NULL DEFAULT '';        -- the author's session, as readers see it
ALTER TABLE stream_messages ADD COLUMN initial TEXT NOT NULL DEFAULT '';        -- of an update: the id of the first version
ALTER TABLE stream_messages ADD COLUMN replacing TEXT NOT NULL DEFAULT '';      -- of an update: the id of the version before
ALTER TABLE stream_messages ADD COLUMN replaced_by TEXT NOT NULL DEFAULT '';    -- the id of the version after
ALTER TABLE stream_messages ADD COLUMN parent TEXT NOT NULL DEFAULT '';         -- the id of the message that it replies to, or forwards
ALTER TABLE stream_messages ADD COLUMN parent_kind TEXT NOT NULL DEFAULT '';    -- REPLY, FORWARD, REPLY_FORM
ALTER TABLE stream_messages ADD COLUMN silent BOOLEAN NOT NULL DEFAULT FALSE;   -- an update that readers need not notice
ALTER TABLE stream_messages ADD COLUMN forms BOOLEAN NOT NULL DEFAULT FALSE;    -- it has forms
ALTER TABLE stream_messages ADD COLUMN files BIGINT NOT NULL DEFAULT 0;         -- how many files are attached
ALTER TABLE stream_messages ADD COLUMN imported BOOLEAN NOT NULL DEFAULT FALSE; -- from another system
CREATE INDEX stream_messages_by_number ON stream_messages (number);
CREATE INDEX stream_messages_by_author ON stream_messages (author, number);
CREATE INDEX stream_messages_by_parent ON stream_messages (parent, number) WHERE parent <> '';

-- The files attached to messages. Their content is in the blob store, named by its digest.
CREATE TABLE message_files (
	message      BIGINT NOT NULL, -- the number of the message
	place        BIGINT NOT NULL, -- among the files of the message, from 0
	stream       BIGINT NOT NULL,
	id           TEXT   NOT NULL, -- as clients name it
	name         TEXT   NOT NULL,
	size         BIGINT NOT NULL, -- bytes
	content_type TEXT   NOT NULL, -- by the content
	sha256       TEXT   NOT NULL, -- of the content, in hexadecimal digits
	previews     TEXT   NOT NULL, -- a JSON array of {"id", "width", "size", "type", "sha256"}
	PRIMARY KEY (message, place)
);
CREATE INDEX message_files_by_stream ON message_files (stream, message, place);
CREATE INDEX message_files_by_sha256 ON message_files (sha256);

-- The tags and mentions of messages: "#deal" and "$ibm" folded, "@7078106482890".
CREATE TABLE message_tags (
	tag     TEXT   NOT NULL,
	message BIGINT NOT NULL, -- its number
	stream  BIGINT NOT NULL,
	PRIMARY KEY (tag, message)
);

-- The messages that another system's messages have become, so that a repeated import finds them.
CREATE TABLE message_origins (
	system   TEXT   NOT NULL,
	original TEXT   NOT NULL, -- its id there
	stream   BIGINT NOT NULL,
	id       TEXT   NOT NULL,
	PRIMARY KEY (system, original, stream)
);
