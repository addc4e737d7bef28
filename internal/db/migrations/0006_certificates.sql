-- +goose Up

-- The certificates that a company's administrators registered.
CREATE TABLE certificates (
	company     BIGINT NOT NULL REFERENCES companies (id),
	fingerprint TEXT   NOT NULL, -- lower-case hex SHA-256 of the DER
	name        TEXT   NOT NULL,
	type        TEXT   NOT NULL, -- USERSIGNING, USER, OPERATIONSSIGNING, OPERATIONSUSER
	status      TEXT   NOT NULL, -- TRUSTED, KNOWN, REVOKED, DISABLED
	pem         TEXT   NOT NULL,
	common_name TEXT   NOT NULL,
	subject     TEXT   NOT NULL, -- hex SHA-256 of the subject's DER
	issuer      TEXT   NOT NULL, -- hex SHA-256 of the issuer's DER
	issued_by   TEXT   NOT NULL, -- the registered certificate that signed it, empty if none
	expires     BIGINT NOT NULL,
	last_seen   BIGINT NOT NULL, -- 0: never
	updated     BIGINT NOT NULL, -- 0: never
	updated_by  BIGINT NOT NULL,
	place       BIGINT NOT NULL, -- tx.Next('certificates'): lists are in this order
	PRIMARY KEY (company, fingerprint)
);
CREATE INDEX certificates_by_place ON certificates (company, place);
CREATE INDEX certificates_by_type ON certificates (company, type, place);
CREATE INDEX certificates_by_issuer ON certificates (company, issuer);
CREATE INDEX certificates_by_subject ON certificates (company, subject);
CREATE INDEX certificates_by_issued_by ON certificates (company, issued_by);
