-- +goose Up

-- The place in the log of happenings at which the member came; 0: with the stream, or before places
-- were kept. What happened before is not for the member.
ALTER TABLE stream_members ADD COLUMN joined_position BIGINT NOT NULL DEFAULT 0;
ALTER TABLE stream_members ADD COLUMN joined_seq BIGINT NOT NULL DEFAULT 0;

-- The place in the log of happenings up to which the former member is told.
ALTER TABLE stream_leavers ADD COLUMN left_position BIGINT NOT NULL DEFAULT 0;
ALTER TABLE stream_leavers ADD COLUMN left_seq BIGINT NOT NULL DEFAULT 0;
