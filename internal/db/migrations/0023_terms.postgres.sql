-- +goose Up

-- The terms of the account, which user_terms has, too. So user_terms needs no key by account, which
-- would cost one key for each of about seven terms.
ALTER TABLE users ADD COLUMN terms TEXT NOT NULL DEFAULT '';
UPDATE users
SET terms = COALESCE((
	SELECT CAST(MIN(t.kind) AS TEXT) || ' ' || MIN(t.name) || chr(10) || string_agg(t.term, chr(10) ORDER BY t.term)
	FROM user_terms t
	WHERE t.user_id = users.id AND t.mail = 0), '') || COALESCE((
	SELECT chr(9) || t.term
	FROM user_terms t
	WHERE t.user_id = users.id AND t.mail = 1), '');

CREATE TABLE user_terms_by_key (
	company BIGINT NOT NULL,
	term    TEXT   NOT NULL, -- a word of the names or the user name, or the e-mail address, folded
	name    TEXT   NOT NULL, -- the display name, folded: the order of what is found
	user_id BIGINT NOT NULL,
	shared  BIGINT NOT NULL, -- characters at its beginning that another term of the account has counted for; -1: the account's first
	kind    BIGINT NOT NULL, -- 0 NORMAL, 1 SYSTEM, 2 SDL
	mail    BIGINT NOT NULL, -- 1 for the e-mail address
	PRIMARY KEY (company, term, name, user_id) INCLUDE (shared, kind, mail)
);
INSERT INTO user_terms_by_key (company, term, name, user_id, shared, kind, mail)
SELECT company, term, name, user_id, shared, kind, mail FROM user_terms;
DROP TABLE user_terms;
ALTER TABLE user_terms_by_key RENAME TO user_terms;

-- Everybody once, in the order of what is found: for a search without words.
CREATE INDEX user_terms_by_name ON user_terms (company, kind, name, user_id) WHERE shared < 0;
