-- +goose Up

-- The connections of users of different companies, and the requests: a row for a pair, the lower id
-- first.
CREATE TABLE connections (
	low       BIGINT NOT NULL REFERENCES users (id),
	high      BIGINT NOT NULL REFERENCES users (id),
	requester BIGINT NOT NULL, -- of the two, the one who asked last
	status    TEXT   NOT NULL, -- PENDING, ACCEPTED, REJECTED: by the other than the requester
	requested BIGINT NOT NULL, -- milliseconds: the first request
	updated   BIGINT NOT NULL, -- milliseconds: the last change of status
	requests  BIGINT NOT NULL, -- how many there were
	PRIMARY KEY (low, high)
);
CREATE INDEX connections_by_low ON connections (low, status);
CREATE INDEX connections_by_high ON connections (high, status);
