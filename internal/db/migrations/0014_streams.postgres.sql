-- +goose Up

CREATE SEQUENCE sequence_streams CACHE 1;

-- The streams: IMs, MIMs, rooms and walls. A text that is not given is empty.
CREATE TABLE streams (
	number             BIGINT  PRIMARY KEY, -- tx.Next('streams'): grows with creation
	id                 TEXT    NOT NULL UNIQUE, -- as clients name it, in URL-safe base64
	company            BIGINT  NOT NULL REFERENCES companies (id), -- the creator's
	type               TEXT    NOT NULL, -- IM, MIM, ROOM, POST
	creator            BIGINT  NOT NULL,
	created            BIGINT  NOT NULL, -- milliseconds
	modified           BIGINT  NOT NULL, -- attributes or members
	active             BOOLEAN NOT NULL,
	members            BIGINT  NOT NULL, -- how many rows it has in stream_members
	away               BIGINT  NOT NULL, -- how many members have disabled accounts
	owners             BIGINT  NOT NULL,
	last_message       BIGINT  NOT NULL, -- milliseconds, 0 before the first
	member_set         TEXT    UNIQUE,   -- of an IM, a MIM, a wall: a digest of its members; NULL for rooms
	name               TEXT    NOT NULL, -- this and the other attributes are those of rooms
	name_key           TEXT,             -- the name folded, without white space; NULL for all but rooms
	description        TEXT    NOT NULL,
	keywords           TEXT    NOT NULL, -- a JSON array of {"key", "value"}; empty: none
	public             BOOLEAN NOT NULL,
	discoverable       BOOLEAN NOT NULL,
	members_can_invite BOOLEAN NOT NULL,
	read_only          BOOLEAN NOT NULL,
	copy_protected     BOOLEAN NOT NULL,
	cross_pod          BOOLEAN NOT NULL, -- of an IM, too: it has members of several companies
	view_history       BOOLEAN NOT NULL,
	multi_lateral      BOOLEAN NOT NULL,
	scheduled_meeting  BOOLEAN NOT NULL,
	sub_type           TEXT    NOT NULL,
	pinned             TEXT    NOT NULL, -- the id of a message
	group_chat         BOOLEAN NOT NULL,
	UNIQUE (company, name_key)
);
CREATE INDEX streams_by_company ON streams (company, number);
CREATE INDEX streams_by_creator ON streams (creator, number);

-- Accounts are not referred to by a constraint, whose look-up would cost a large room's members
-- more than the row.

-- The members of the streams.
CREATE TABLE stream_members (
	stream  BIGINT  NOT NULL,
	user_id BIGINT  NOT NULL,
	owner   BOOLEAN NOT NULL,
	joined  BIGINT  NOT NULL, -- milliseconds
	PRIMARY KEY (stream, user_id)
);
CREATE INDEX stream_members_by_joining ON stream_members (stream, joined, user_id);
CREATE INDEX stream_members_by_user ON stream_members (user_id, stream);

-- The former members of rooms: a row for each time that a user was a member.
CREATE TABLE stream_leavers (
	stream   BIGINT NOT NULL,
	user_id  BIGINT NOT NULL,
	joined   BIGINT NOT NULL,
	left_at  BIGINT NOT NULL,
	PRIMARY KEY (stream, user_id, joined)
);

-- The number of members that each company has in a cross-company stream.
CREATE TABLE stream_companies (
	stream  BIGINT NOT NULL,
	company BIGINT NOT NULL,
	members BIGINT NOT NULL,
	PRIMARY KEY (stream, company)
);
CREATE INDEX stream_companies_by_company ON stream_companies (company, stream);

-- The terms by which searches find rooms. A term is the number of a company in the room, a letter
-- for its place (n: name, t: tag, k: key of a keyword, v: value of a keyword) and the folded text,
-- as in 190n:room.
CREATE TABLE room_terms (
	term   TEXT   NOT NULL,
	stream BIGINT NOT NULL,
	PRIMARY KEY (term, stream)
);
