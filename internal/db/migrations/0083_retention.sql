-- +goose Up

-- When the retention of the author's company removed a message: its texts, files, tags and values of
-- forms are gone; 0: they are there.
ALTER TABLE stream_messages ADD COLUMN removed BIGINT NOT NULL DEFAULT 0;

CREATE INDEX message_tags_by_message ON message_tags (message);

-- How long companies keep what their users say. A company without a row keeps everything.
CREATE TABLE retention (
	company BIGINT PRIMARY KEY,
	days    BIGINT NOT NULL, -- 0: everything is kept
	upto    BIGINT NOT NULL  -- the messages up to this number have been looked at
);
