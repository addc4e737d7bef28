-- +goose Up

-- The distribution lists in rooms. The members of such a list are members of the room.
CREATE TABLE stream_groups (
	stream   BIGINT NOT NULL,
	group_id BIGINT NOT NULL,
	added_by BIGINT NOT NULL, -- the user who added it
	added    BIGINT NOT NULL, -- milliseconds
	PRIMARY KEY (stream, group_id)
);
CREATE INDEX stream_groups_by_group ON stream_groups (group_id, stream);

-- Whether the member is in the room in person. A member who is not leaves with the last list.
ALTER TABLE stream_members ADD COLUMN direct BOOLEAN NOT NULL DEFAULT TRUE;
