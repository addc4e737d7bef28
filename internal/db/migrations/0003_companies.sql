-- +goose Up

-- The companies that this server hosts, with their settings.
CREATE TABLE companies (
	id               BIGINT  PRIMARY KEY,
	name             TEXT    NOT NULL,
	hosts            TEXT    NOT NULL, -- the host names that it answers at, separated by spaces
	listen           TEXT    NOT NULL, -- the listen address of its own, if it has one
	session_seconds  BIGINT  NOT NULL, -- how long a session lives
	key_seconds      BIGINT  NOT NULL, -- how long a replaced key goes on being valid
	certificates     BOOLEAN NOT NULL, -- whether accounts may log in by certificate
	certificate_bits BIGINT  NOT NULL, -- the least size of a certificate's RSA key
	created          BIGINT  NOT NULL
);

-- The keys with which a company signs. A reader of this table can forge its sessions.
CREATE TABLE company_secrets (
	company     BIGINT PRIMARY KEY REFERENCES companies (id),
	session_key TEXT   NOT NULL, -- base64, keys the MAC of session tokens
	previous    TEXT   NOT NULL, -- the session key before, while tokens it signed are about
	private_key TEXT   NOT NULL, -- PKCS#8 PEM, signs access tokens and identity tokens
	certificate TEXT   NOT NULL  -- PEM, the published pod certificate of that key
);
