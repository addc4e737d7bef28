-- +goose Up

-- What was shared in streams.
CREATE TABLE stream_messages (
	id      TEXT   PRIMARY KEY, -- as clients name it, in URL-safe base64
	number  BIGINT NOT NULL, -- tx.Next('streams'): grows with sharing
	stream  BIGINT NOT NULL,
	author  BIGINT NOT NULL,
	app     TEXT   NOT NULL, -- the application that shared it on the author's behalf
	at      BIGINT NOT NULL, -- milliseconds
	content TEXT   NOT NULL  -- JSON
);
CREATE INDEX stream_messages_by_time ON stream_messages (stream, at, number);
