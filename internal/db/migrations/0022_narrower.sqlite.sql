-- +goose Up

-- Nothing reads the log by time alone any more: audit_trail has what is asked for by time.
DROP INDEX events_by_time;

-- Streams with fewer keys to keep. An id begins with random bytes, so that each new one would
-- change another page of an index over it: the index has the end of the id first, which tells the
-- time of creation.
CREATE TABLE streams_anew (
	number             INTEGER PRIMARY KEY, -- tx.Next('streams'): grows with creation
	id                 TEXT    NOT NULL, -- as clients name it, in URL-safe base64
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
	member_set         TEXT,             -- of an IM, a MIM, a wall: a digest of its members; NULL for rooms
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
	barred             BIGINT  NOT NULL DEFAULT 0 -- whether a barrier separates members of the stream: 0 no; 1 yes; 2 yes, and it is a room that was also deactivated
);
INSERT INTO streams_anew (number, id, company, type, creator, created, modified, active, members, away, owners, last_message,
	member_set, name, name_key, description, keywords, public, discoverable, members_can_invite, read_only,
	copy_protected, cross_pod, view_history, multi_lateral, scheduled_meeting, sub_type, pinned, group_chat, barred)
SELECT number, id, company, type, creator, created, modified, active, members, away, owners, last_message,
	member_set, name, name_key, description, keywords, public, discoverable, members_can_invite, read_only,
	copy_protected, cross_pod, view_history, multi_lateral, scheduled_meeting, sub_type, pinned, group_chat, barred
FROM streams;
DROP TABLE streams;
ALTER TABLE streams_anew RENAME TO streams;
CREATE UNIQUE INDEX streams_by_id ON streams (substr(id, 23) || substr(id, 1, 22));
CREATE UNIQUE INDEX streams_by_member_set ON streams (member_set) WHERE member_set IS NOT NULL;
CREATE UNIQUE INDEX streams_by_name_key ON streams (company, name_key) WHERE name_key IS NOT NULL;
CREATE INDEX streams_by_company ON streams (company, number);
CREATE INDEX streams_by_creator ON streams (creator, number);
CREATE INDEX streams_barred ON streams (number) WHERE barred > 0;

-- Who is in a stream, with one key for each of the two questions: which streams is a user in, and
-- who is in a stream, in the order in which they joined.
CREATE TABLE stream_members_anew (
	user_id BIGINT  NOT NULL,
	stream  BIGINT  NOT NULL,
	owner   BOOLEAN NOT NULL,
	joined  BIGINT  NOT NULL, -- milliseconds
	PRIMARY KEY (user_id, stream)
) WITHOUT ROWID;
INSERT INTO stream_members_anew (user_id, stream, owner, joined) SELECT user_id, stream, owner, joined FROM stream_members ORDER BY user_id, stream;
DROP TABLE stream_members;
ALTER TABLE stream_members_anew RENAME TO stream_members;
CREATE INDEX stream_members_by_joining ON stream_members (stream, joined, user_id, owner);

-- room_terms has words alone, and not every ending of them: a room's creation would write most of
-- its rows for the sake of a search that begins in the middle of a word. The endings of a word are
-- written once, whatever rooms have it, some time after it came (settled); until then the word
-- itself is compared.

-- The words of names and tags of rooms.
CREATE TABLE room_words (
	word    TEXT    NOT NULL PRIMARY KEY, -- a term of a name or of a description's tags
	settled BOOLEAN NOT NULL
) WITHOUT ROWID;
CREATE INDEX room_words_new ON room_words (word) WHERE NOT settled;
-- Every ending of each settled word, so that a search may begin in the middle of a word.
CREATE TABLE room_endings (
	ending TEXT NOT NULL, -- as a term, as in 190n:oom
	word   TEXT NOT NULL,
	PRIMARY KEY (ending, word)
) WITHOUT ROWID;
