-- +goose Up

-- Up to which message users have read a stream, and when. A row is added when a user has read more.
CREATE TABLE read_marks (
	stream  BIGINT NOT NULL,
	user_id BIGINT NOT NULL,
	message BIGINT NOT NULL, -- the number of the last message
	at      BIGINT NOT NULL,
	PRIMARY KEY (stream, user_id, message)
);
