-- +goose Up

-- ACT_AS_USER is implicit: an application made without naming it acts on behalf of users. Those
-- made before named it, or could not.
ALTER TABLE apps ADD COLUMN acts_unnamed BOOLEAN NOT NULL DEFAULT FALSE;
