-- +goose Up

-- The OpenID provider by which a company's people sign in to the console.
CREATE TABLE signin_providers (
	company       BIGINT PRIMARY KEY,
	issuer        TEXT NOT NULL,
	client_id     TEXT NOT NULL,
	client_secret TEXT NOT NULL,
	hosts         TEXT NOT NULL, -- other hosts that are asked, separated by spaces
	claim         TEXT NOT NULL, -- of the ID token or the user info, such as email
	attribute     TEXT NOT NULL -- of the account, which the claim names: email or username
);

-- Sign-ins that a browser has begun at a provider.
CREATE TABLE signin_flows (
	state    TEXT PRIMARY KEY, -- the SHA-256 of the state, in hexadecimal
	company  BIGINT NOT NULL,
	browser  TEXT NOT NULL, -- the SHA-256 of what the browser's cookie has
	nonce    TEXT NOT NULL,
	verifier TEXT NOT NULL, -- of PKCE
	expires  BIGINT NOT NULL -- milliseconds
);
CREATE INDEX signin_flows_by_end ON signin_flows (expires);
