-- +goose Up

-- The violations of policies of data loss prevention. The rows are removed after 90 days.
CREATE TABLE dlp_violations (
	company   BIGINT  NOT NULL,
	kind      TEXT    NOT NULL, -- MESSAGE, STREAM, SIGNAL
	at        BIGINT  NOT NULL, -- milliseconds
	number    BIGINT  NOT NULL, -- of those of one time
	id        TEXT    NOT NULL, -- as clients name it
	entity    TEXT    NOT NULL, -- the id of the message, stream or signal
	requester BIGINT  NOT NULL, -- the author
	action    TEXT    NOT NULL, -- BLOCK, WARN, LOG_ONLY
	matches   TEXT    NOT NULL, -- what the rules found, as JSON
	content   TEXT    NOT NULL, -- the message, stream or signal as answers show it, as JSON
	files     TEXT    NOT NULL, -- a JSON array of {"id", "sha256"}
	size      BIGINT  NOT NULL, -- bytes of matches and content
	PRIMARY KEY (company, kind, at, number)
);
CREATE INDEX dlp_violations_by_id ON dlp_violations (company, id);
CREATE INDEX dlp_violations_by_at ON dlp_violations (at);
