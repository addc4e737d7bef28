-- +goose Up

-- The URI schemes that a company allows or refuses, where it differs from the default.
CREATE TABLE uri_schemes (
	company BIGINT  NOT NULL REFERENCES companies (id),
	scheme  TEXT    NOT NULL, -- in lower case
	allowed BOOLEAN NOT NULL,
	PRIMARY KEY (company, scheme)
);

-- What a company allows for types of files, where it differs from the default.
CREATE TABLE file_extensions (
	company   BIGINT  NOT NULL REFERENCES companies (id),
	extension TEXT    NOT NULL, -- in lower case, with its dot
	removed   BOOLEAN NOT NULL, -- one that the product knows, and the company is without
	internal  BOOLEAN NOT NULL, -- whether files may be sent within the company
	external  BOOLEAN NOT NULL, -- to other companies
	cross_pod BOOLEAN NOT NULL, -- from other companies
	source    TEXT    NOT NULL, -- SYSTEM, CUSTOMER
	PRIMARY KEY (company, extension)
);

-- The languages that clients may offer: two-letter codes, with spaces between.
ALTER TABLE companies ADD COLUMN languages TEXT NOT NULL DEFAULT 'en fr ja';
