-- +goose Up

-- The accounts of people, services and distribution lists. A text that is not given is empty.
CREATE TABLE users (
	id                BIGINT  PRIMARY KEY,
	company           BIGINT  NOT NULL REFERENCES companies (id),
	account_type      TEXT    NOT NULL,
	username          TEXT    NOT NULL,
	username_folded   TEXT    NOT NULL,
	email             TEXT    NOT NULL,
	email_folded      TEXT    NOT NULL,
	display_name      TEXT    NOT NULL,
	first_name        TEXT    NOT NULL,
	last_name         TEXT    NOT NULL,
	company_name      TEXT    NOT NULL,
	title             TEXT    NOT NULL,
	department        TEXT    NOT NULL,
	division          TEXT    NOT NULL,
	location          TEXT    NOT NULL,
	job_function      TEXT    NOT NULL,
	work_phone        TEXT    NOT NULL,
	mobile_phone      TEXT    NOT NULL,
	sms               TEXT    NOT NULL,
	two_factor_phone  TEXT    NOT NULL,
	language          TEXT    NOT NULL,
	asset_classes     TEXT    NOT NULL, -- like the next five columns a JSON array of texts; empty: none
	industries        TEXT    NOT NULL,
	market_coverage   TEXT    NOT NULL,
	responsibility    TEXT    NOT NULL,
	job_area          TEXT    NOT NULL, -- the published attribute "function"
	instrument        TEXT    NOT NULL,
	status            TEXT    NOT NULL, -- ENABLED, DISABLED
	suspended         BOOLEAN NOT NULL,
	suspended_until   BIGINT  NOT NULL, -- milliseconds, 0 while not suspended
	suspension_reason TEXT    NOT NULL,
	created           BIGINT  NOT NULL,
	created_by        BIGINT  NOT NULL, -- 0 for the pod itself
	updated           BIGINT  NOT NULL,
	last_login        BIGINT  NOT NULL, -- 0 before the first
	password_reset    BIGINT  NOT NULL, -- when the password was last set; 0: never
	deactivated       BIGINT  NOT NULL, -- 0 while enabled
	version           BIGINT  NOT NULL, -- grows with each change that a login depends on
	UNIQUE (company, username_folded),
	UNIQUE (company, email_folded)
);

-- The RSA keys that an account logs in with: the current one and the previous one.
CREATE TABLE user_keys (
	user_id BIGINT NOT NULL REFERENCES users (id),
	slot    TEXT   NOT NULL, -- current, previous
	pem     TEXT   NOT NULL, -- as it was given
	expires BIGINT NOT NULL, -- milliseconds; 0: never
	PRIMARY KEY (user_id, slot)
);

-- The roles of the accounts.
CREATE TABLE user_roles (
	user_id BIGINT NOT NULL REFERENCES users (id),
	role    TEXT   NOT NULL, -- ROLE or ROLE.ACTION
	company BIGINT NOT NULL,
	place   BIGINT NOT NULL, -- roles are shown in the order in which they were given
	PRIMARY KEY (user_id, role)
);
CREATE INDEX user_roles_by_role ON user_roles (company, role, user_id);

-- The features of an account that differ from the default.
CREATE TABLE user_features (
	user_id BIGINT  NOT NULL REFERENCES users (id),
	feature TEXT    NOT NULL,
	enabled BOOLEAN NOT NULL,
	company BIGINT  NOT NULL,
	PRIMARY KEY (user_id, feature)
);
CREATE INDEX user_features_by_feature ON user_features (company, feature, user_id);
