-- +goose Up

-- The values that users have submitted by the forms of messages.
CREATE TABLE form_submissions (
	number  BIGINT PRIMARY KEY, -- among those of messages
	id      TEXT   NOT NULL,    -- in the form of a message's
	stream  BIGINT NOT NULL,
	message BIGINT NOT NULL,    -- the number of the message that has the form
	form    TEXT   NOT NULL,    -- its id in the message
	content TEXT   NOT NULL,    -- the values, as the author of the message is told of them: JSON
	user_id BIGINT NOT NULL,
	app     TEXT   NOT NULL,    -- that submitted them on the user's behalf; else empty
	at      BIGINT NOT NULL
);
CREATE INDEX form_submissions_by_message ON form_submissions (message, number);
