-- +goose Up

-- Applications (package apps), with what holds for them in the whole company.
CREATE TABLE apps (
	company     BIGINT  NOT NULL REFERENCES companies (id),
	id          TEXT    NOT NULL,
	name        TEXT    NOT NULL,
	permissions TEXT    NOT NULL, -- separated by spaces
	certificate TEXT    NOT NULL, -- PEM
	enabled     BOOLEAN NOT NULL,
	listed      BOOLEAN NOT NULL,
	install     BOOLEAN NOT NULL, -- for everybody, unless a user's own row says otherwise
	created     BIGINT  NOT NULL,
	epoch       BIGINT  NOT NULL, -- grows when all its sessions end: those of an older one are over
	PRIMARY KEY (company, id)
);

CREATE TABLE app_keys (
	company BIGINT NOT NULL,
	app     TEXT   NOT NULL,
	slot    TEXT   NOT NULL, -- current, previous
	pem     TEXT   NOT NULL,
	expires BIGINT NOT NULL, -- milliseconds; 0: never
	PRIMARY KEY (company, app, slot)
);

-- What holds for one user where it differs from the company's; NULL: as the company's.
CREATE TABLE app_users (
	company BIGINT NOT NULL,
	app     TEXT   NOT NULL,
	user_id BIGINT NOT NULL,
	listed  BOOLEAN,
	install BOOLEAN,
	PRIMARY KEY (company, app, user_id)
);
CREATE INDEX app_users_by_user ON app_users (user_id);
