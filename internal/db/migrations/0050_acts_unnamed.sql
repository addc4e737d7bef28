-- +goose Up

-- Whether the application was made without naming ACT_AS_USER: it acts on behalf of users all the
-- same. Those made before named it, or could not.
ALTER TABLE apps ADD COLUMN acts_unnamed BOOLEAN NOT NULL DEFAULT FALSE;
