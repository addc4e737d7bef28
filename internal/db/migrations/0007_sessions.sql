-- +goose Up

-- The open sessions. A session that ends loses its row.
CREATE TABLE sessions (
	id         TEXT   PRIMARY KEY,
	company    BIGINT NOT NULL REFERENCES companies (id),
	kind       TEXT   NOT NULL, -- user, app, obo, keymanager
	user_id    BIGINT NOT NULL, -- 0 for an application's
	app        TEXT   NOT NULL, -- the application of an app or obo session
	parent     TEXT   NOT NULL, -- the app session that an obo session was opened by
	epoch      BIGINT NOT NULL, -- the application's when the session was opened
	method     TEXT   NOT NULL, -- rsa, certificate
	created    BIGINT NOT NULL,
	expires    BIGINT NOT NULL,
	address    TEXT   NOT NULL,
	user_agent TEXT   NOT NULL
);
CREATE INDEX sessions_by_user ON sessions (user_id, created);
CREATE INDEX sessions_by_app ON sessions (company, app) WHERE app <> '';
CREATE INDEX sessions_by_parent ON sessions (parent) WHERE parent <> '';
CREATE INDEX sessions_by_expiry ON sessions (expires);

-- Pairs of tokens of extension applications: the application's token and ours.
CREATE TABLE app_tokens (
	company        BIGINT NOT NULL,
	app            TEXT   NOT NULL,
	app_token      TEXT   NOT NULL,
	symphony_token TEXT   NOT NULL,
	expires        BIGINT NOT NULL,
	PRIMARY KEY (company, app, app_token)
);
CREATE INDEX app_tokens_by_expiry ON app_tokens (expires);
