-- +goose Up

-- One row with the rules by which names were folded when the pod last started.
CREATE TABLE folds (
	one   BIGINT PRIMARY KEY,
	rules BIGINT NOT NULL -- 0: those of versions that knew of no characters that cannot be seen
);
INSERT INTO folds (one, rules) VALUES (1, 0);
