-- +goose Up

-- What has happened in streams, in the order in which readers follow it. The rows are removed after
-- a day.
CREATE TABLE happenings (
	position BIGINT NOT NULL,
	seq      BIGINT NOT NULL, -- tx.Places('happenings')
	stream   BIGINT NOT NULL,
	kind     BIGINT NOT NULL, -- 1: a message was sent; 2: a message was suppressed
	message  BIGINT NOT NULL, -- its number
	at       BIGINT NOT NULL, -- milliseconds
	PRIMARY KEY (position, seq)
) WITHOUT ROWID;
