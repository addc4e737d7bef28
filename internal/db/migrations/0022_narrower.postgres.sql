-- +goose Up

-- Nothing reads the log by time alone any more: audit_trail has what is asked for by time.
DROP INDEX events_by_time;

-- Streams with fewer keys to keep. An id begins with random bytes, so that each new one would
-- change another page of an index over it: the index has the end of the id first, which tells the
-- time of creation.
ALTER TABLE streams DROP CONSTRAINT streams_id_key;
ALTER TABLE streams DROP CONSTRAINT streams_member_set_key;
ALTER TABLE streams DROP CONSTRAINT streams_company_name_key_key;
CREATE UNIQUE INDEX streams_by_id ON streams ((substr(id, 23) || substr(id, 1, 22)));
CREATE UNIQUE INDEX streams_by_member_set ON streams (member_set) WHERE member_set IS NOT NULL;
CREATE UNIQUE INDEX streams_by_name_key ON streams (company, name_key) WHERE name_key IS NOT NULL;

-- Who is in a stream, with one key for each of the two questions: which streams is a user in, and
-- who is in a stream, in the order in which they joined.
ALTER TABLE stream_members DROP CONSTRAINT stream_members_pkey;
ALTER TABLE stream_members ADD PRIMARY KEY (user_id, stream);
DROP INDEX stream_members_by_user;
DROP INDEX stream_members_by_joining;
CREATE INDEX stream_members_by_joining ON stream_members (stream, joined, user_id, owner);

-- room_terms has words alone, and not every ending of them: a room's creation would write most of
-- its rows for the sake of a search that begins in the middle of a word. The endings of a word are
-- written once, whatever rooms have it, some time after it came (settled); until then the word
-- itself is compared.

-- The words of names and tags of rooms.
CREATE TABLE room_words (
	word    TEXT    NOT NULL PRIMARY KEY, -- a term of a name or of a description's tags
	settled BOOLEAN NOT NULL
);
CREATE INDEX room_words_new ON room_words (word) WHERE NOT settled;
-- Every ending of each settled word, so that a search may begin in the middle of a word.
CREATE TABLE room_endings (
	ending TEXT NOT NULL, -- as a term, as in 190n:oom
	word   TEXT NOT NULL,
	PRIMARY KEY (ending, word)
);
