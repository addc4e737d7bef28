-- +goose Up

-- How large an answer with the happening is, so that a reader can end a page.
ALTER TABLE happenings ADD COLUMN size BIGINT NOT NULL DEFAULT 0;

-- The company that may know the fact, which has its own copy of it; 0: everyone in the stream.
ALTER TABLE happenings ADD COLUMN company BIGINT NOT NULL DEFAULT 0;

-- The place of the fact in events; 0: it is about a message.
ALTER TABLE happenings ADD COLUMN fact_position BIGINT NOT NULL DEFAULT 0;
ALTER TABLE happenings ADD COLUMN fact_seq BIGINT NOT NULL DEFAULT 0;

-- The only user who is told; 0: the members of the stream.
ALTER TABLE happenings ADD COLUMN about BIGINT NOT NULL DEFAULT 0;

-- The datafeeds and datahose feeds: places in the log of happenings.
CREATE TABLE feeds (
	id            TEXT PRIMARY KEY,
	company       BIGINT NOT NULL,
	owner         BIGINT NOT NULL,
	kind          TEXT NOT NULL, -- fanout, datahose, older
	tag           TEXT NOT NULL,
	filter        TEXT NOT NULL, -- of a datahose: the event types and the scopes, as JSON
	created       BIGINT NOT NULL, -- milliseconds
	used          BIGINT NOT NULL, -- milliseconds: the last read, roughly
	read_position BIGINT NOT NULL, -- the happenings up to this place were handed out
	read_seq      BIGINT NOT NULL,
	open          TEXT NOT NULL, -- the ranges that were handed out and not acknowledged, as JSON
	ranges        BIGINT NOT NULL, -- how many ranges were handed out
	skipped       TEXT NOT NULL -- places of what had happened before the feed and was above the horizon then, as JSON; empty: none
);
CREATE INDEX feeds_by_owner ON feeds (owner, kind, tag);
CREATE INDEX feeds_by_use ON feeds (used);
