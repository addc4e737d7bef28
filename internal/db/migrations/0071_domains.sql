-- +goose Up

-- The domains of the e-mail addresses of the company's own people, separated by spaces.
ALTER TABLE companies ADD COLUMN domains TEXT NOT NULL DEFAULT '';
