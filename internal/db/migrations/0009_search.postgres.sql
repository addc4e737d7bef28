-- +goose Up

-- The terms by which searches find accounts: a row for each term of an enabled account.
CREATE TABLE user_terms (
	user_id BIGINT NOT NULL,
	term    TEXT   NOT NULL, -- a word of the names or the user name, or the e-mail address, folded
	company BIGINT NOT NULL,
	name    TEXT   NOT NULL, -- the display name, folded: the order of what is found
	shared  BIGINT NOT NULL, -- characters at its beginning that another term of the account has counted for; -1: the account's first
	kind    BIGINT NOT NULL, -- 0 NORMAL, 1 SYSTEM, 2 SDL
	mail    BIGINT NOT NULL, -- 1 for the e-mail address
	PRIMARY KEY (user_id, term)
);
CREATE INDEX user_terms_by_term ON user_terms (company, term, name, user_id, shared, kind, mail);

-- Everybody once, in the order of what is found: for a search without words.
CREATE INDEX user_terms_by_name ON user_terms (company, kind, name, user_id) WHERE shared < 0;
