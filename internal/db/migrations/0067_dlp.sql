-- +goose Up

-- The dictionaries of data loss prevention, as they are now: words or regular expressions.
CREATE TABLE dlp_dictionaries (
	company BIGINT NOT NULL REFERENCES companies (id),
	id      TEXT   NOT NULL,
	place   BIGINT NOT NULL, -- in lists
	name    TEXT   NOT NULL,
	folded  TEXT   NOT NULL, -- the name as names are compared
	type    TEXT   NOT NULL, -- Word, Regex
	version BIGINT NOT NULL, -- 1000 is 1.0, 1001 is 1.1
	entries BIGINT NOT NULL, -- how many the content has
	cost    BIGINT NOT NULL, -- of regular expressions: how many steps they take for a character
	creator BIGINT NOT NULL,
	created BIGINT NOT NULL,
	updated BIGINT NOT NULL,
	PRIMARY KEY (company, id)
);
CREATE UNIQUE INDEX dlp_dictionaries_by_name ON dlp_dictionaries (company, folded);
CREATE INDEX dlp_dictionaries_by_place ON dlp_dictionaries (company, place);

-- The last versions of dictionaries, the current one among them.
CREATE TABLE dlp_dictionary_versions (
	company    BIGINT NOT NULL,
	dictionary TEXT   NOT NULL,
	version    BIGINT NOT NULL,
	name       TEXT   NOT NULL,
	updated    BIGINT NOT NULL,
	content    TEXT   NOT NULL, -- as it was uploaded
	PRIMARY KEY (company, dictionary, version)
);

-- The policies of data loss prevention, as they are now.
CREATE TABLE dlp_policies (
	company  BIGINT  NOT NULL REFERENCES companies (id),
	id       TEXT    NOT NULL,
	place    BIGINT  NOT NULL, -- in lists
	form     BIGINT  NOT NULL, -- 1: the first form, which its operations show; 3: the third form
	folded   TEXT    NOT NULL, -- the name as names are compared
	active   BOOLEAN NOT NULL,
	version  BIGINT  NOT NULL, -- 1000 is 1.0, 1001 is 1.1
	creator  BIGINT  NOT NULL,
	created  BIGINT  NOT NULL,
	disabled BIGINT  NOT NULL, -- when it was last disabled; 0: never
	PRIMARY KEY (company, id)
);
CREATE UNIQUE INDEX dlp_policies_by_name ON dlp_policies (company, folded);
CREATE INDEX dlp_policies_by_place ON dlp_policies (company, place);

-- The last versions of policies, the current one among them.
CREATE TABLE dlp_policy_versions (
	company BIGINT NOT NULL,
	policy  TEXT   NOT NULL,
	version BIGINT NOT NULL,
	name    TEXT   NOT NULL,
	scopes  TEXT   NOT NULL, -- Internal, External, with a space between
	applies TEXT   NOT NULL, -- the published appliesTo, as JSON
	updated BIGINT NOT NULL,
	PRIMARY KEY (company, policy, version)
);

-- How often the policies and dictionaries of a company have changed. A company that never had one
-- has no row.
CREATE TABLE dlp_changes (
	company BIGINT PRIMARY KEY REFERENCES companies (id),
	changes BIGINT NOT NULL
);
