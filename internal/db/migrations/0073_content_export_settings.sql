-- +goose Up

-- How often what was said is exported into files (off, hourly, daily), and how long these are kept.
ALTER TABLE companies ADD COLUMN content_export TEXT NOT NULL DEFAULT 'off';
ALTER TABLE companies ADD COLUMN content_export_seconds BIGINT NOT NULL DEFAULT 2592000;
