-- +goose Up

-- The name is no longer part of the key: nothing reads terms in its order, and the accounts of one
-- term stand in the order in which they were made, so that new ones come to its end.
CREATE TABLE user_terms_by_account (
	company BIGINT NOT NULL,
	term    TEXT   NOT NULL, -- a word of the names or the user name, or the e-mail address, folded
	user_id BIGINT NOT NULL,
	name    TEXT   NOT NULL, -- the display name, folded: the order of what is found
	shared  BIGINT NOT NULL, -- characters at its beginning that another term of the account has counted for; -1: the account's first
	kind    BIGINT NOT NULL, -- 0 NORMAL, 1 SYSTEM, 2 SDL
	mail    BIGINT NOT NULL, -- 1 for the e-mail address
	PRIMARY KEY (company, term, user_id) INCLUDE (name, shared, kind, mail)
);
INSERT INTO user_terms_by_account (company, term, user_id, name, shared, kind, mail)
SELECT company, term, user_id, name, shared, kind, mail FROM user_terms ORDER BY company, term, user_id;
DROP TABLE user_terms;
ALTER TABLE user_terms_by_account RENAME TO user_terms;

-- Everybody once, for a search without words.
CREATE INDEX user_terms_of_everybody ON user_terms (company, kind, user_id, name, shared) WHERE shared < 0;
