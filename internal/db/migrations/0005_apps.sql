-- +goose Up

-- The applications of a company, with what applies in the whole company. A text that is not given
-- is empty.
CREATE TABLE apps (
	company          BIGINT  NOT NULL REFERENCES companies (id),
	id               TEXT    NOT NULL,
	id_folded        TEXT    NOT NULL, -- as user names are compared: they and ids differ
	name             TEXT    NOT NULL,
	url              TEXT    NOT NULL,
	domain           TEXT    NOT NULL,
	publisher        TEXT    NOT NULL,
	icon_url         TEXT    NOT NULL,
	description      TEXT    NOT NULL,
	allow_origins    TEXT    NOT NULL,
	notification_url TEXT    NOT NULL,
	notification_key TEXT    NOT NULL, -- a secret: it is sent to the URL
	properties       TEXT    NOT NULL, -- a JSON array of {key, value}; empty: none
	permissions      TEXT    NOT NULL, -- separated by spaces
	certificate      TEXT    NOT NULL, -- PEM
	enabled          BOOLEAN NOT NULL,
	listed           BOOLEAN NOT NULL,
	install          BOOLEAN NOT NULL, -- for all users, unless app_users says otherwise
	created          BIGINT  NOT NULL,
	epoch            BIGINT  NOT NULL, -- grows when all its sessions end: sessions of an older epoch have ended
	PRIMARY KEY (company, id)
);
CREATE INDEX apps_by_folded ON apps (company, id_folded);

-- The RSA keys that an application logs in with: the current one and the previous one.
CREATE TABLE app_keys (
	company BIGINT NOT NULL,
	app     TEXT   NOT NULL,
	slot    TEXT   NOT NULL, -- current, previous
	pem     TEXT   NOT NULL,
	expires BIGINT NOT NULL, -- milliseconds; 0: never
	PRIMARY KEY (company, app, slot)
);

-- What applies to an application for one user, if it differs from the company. NULL: as in the
-- company.
CREATE TABLE app_users (
	company  BIGINT NOT NULL,
	app      TEXT   NOT NULL,
	user_id  BIGINT NOT NULL,
	listed   BOOLEAN,
	install  BOOLEAN,
	products TEXT   NOT NULL, -- a JSON array; empty: none
	PRIMARY KEY (company, app, user_id)
);
CREATE INDEX app_users_by_user ON app_users (user_id);
