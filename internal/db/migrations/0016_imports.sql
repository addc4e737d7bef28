-- +goose Up

-- The imports of accounts from files that are running, or were interrupted.
CREATE TABLE imports (
	company BIGINT NOT NULL REFERENCES companies (id),
	digest  TEXT   NOT NULL, -- of the file
	name    TEXT   NOT NULL, -- of the file
	rows    BIGINT NOT NULL, -- how many of its rows are committed
	last    TEXT   NOT NULL, -- the verdicts on those of the last transaction, as JSON
	began   BIGINT NOT NULL,
	PRIMARY KEY (company, digest)
);
