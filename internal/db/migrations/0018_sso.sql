-- +goose Up

-- How a company's people sign in at its identity provider.
CREATE TABLE sso_configurations (
	company             BIGINT  PRIMARY KEY REFERENCES companies (id),
	enabled             BOOLEAN NOT NULL,
	idp_entity_id       TEXT    NOT NULL,
	idp_endpoint        TEXT    NOT NULL,
	idp_certificate     TEXT    NOT NULL, -- PEM
	acs_url             TEXT    NOT NULL, -- empty: as the pod's address has it
	entity_id           TEXT    NOT NULL, -- empty: as the pod's address has it
	force_authn         BOOLEAN NOT NULL
);
