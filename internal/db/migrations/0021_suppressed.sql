-- +goose Up

-- When a message's content was hidden from readers of the stream, in milliseconds; 0: it is not.
-- The content stays, for exports.
ALTER TABLE stream_messages ADD COLUMN suppressed BIGINT NOT NULL DEFAULT 0;
