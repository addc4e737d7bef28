-- +goose Up

-- The jobs that export what a company's users have said into files. A job is done when all messages
-- with numbers between first and upto are in its files.
CREATE TABLE export_jobs (
	id       TEXT    PRIMARY KEY, -- random
	company  BIGINT  NOT NULL REFERENCES companies (id),
	type     TEXT    NOT NULL, -- SCHEDULED, ADHOC
	starts   BIGINT  NOT NULL, -- milliseconds
	ends     BIGINT  NOT NULL,
	by_time  BOOLEAN NOT NULL, -- messages before starts are left out; if ADHOC, those from ends on, too
	upto     BIGINT  NOT NULL, -- the messages have lower numbers
	position BIGINT  NOT NULL, -- when the horizon has passed it, no such message is still being written; 0: not known yet
	done     BIGINT  NOT NULL, -- the messages up to this number are in files
	parts    BIGINT  NOT NULL, -- how many files it has made
	open     BOOLEAN NOT NULL,
	holder   TEXT    NOT NULL, -- the node that works on it, by a random name
	lease    BIGINT  NOT NULL, -- until when
	created  BIGINT  NOT NULL
);
CREATE INDEX export_jobs_open ON export_jobs (lease) WHERE open;
CREATE UNIQUE INDEX export_jobs_by_period ON export_jobs (company, ends) WHERE type = 'SCHEDULED';

-- The files of export jobs. Their content is in the blob store, and held there: see blobs.used,
-- which is then the highest number.
CREATE TABLE export_files (
	id          TEXT   PRIMARY KEY, -- random
	company     BIGINT NOT NULL REFERENCES companies (id),
	job         TEXT   NOT NULL,
	part        BIGINT NOT NULL, -- among the files of the job, from 1
	name        TEXT   NOT NULL,
	name_folded TEXT   NOT NULL,
	size        BIGINT NOT NULL, -- bytes
	sha256      TEXT   NOT NULL,
	job_type    TEXT   NOT NULL,
	format      TEXT   NOT NULL, -- SYMPHONY
	starts      BIGINT NOT NULL, -- milliseconds
	ends        BIGINT NOT NULL,
	uploaded    BIGINT NOT NULL,
	generated   TEXT   NOT NULL, -- the day, as 2026-11-30
	expires     BIGINT NOT NULL,
	UNIQUE (job, part)
);
CREATE INDEX export_files_by_company ON export_files (company, uploaded, id);
CREATE INDEX export_files_by_expires ON export_files (expires);
