-- +goose Up

-- Distribution lists that are in rooms (package streams): who is on the list is in the room.
CREATE TABLE stream_groups (
	stream   BIGINT NOT NULL,
	group_id BIGINT NOT NULL,
	added_by BIGINT NOT NULL, -- the user who added it
	added    BIGINT NOT NULL, -- milliseconds
	PRIMARY KEY (stream, group_id)
);
CREATE INDEX stream_groups_by_group ON stream_groups (group_id, stream);

-- Whether a member is in the room in person. One who is not leaves with the last list that brought
-- them.
ALTER TABLE stream_members ADD COLUMN direct BOOLEAN NOT NULL DEFAULT TRUE;
