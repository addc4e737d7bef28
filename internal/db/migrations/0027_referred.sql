-- +goose Up

-- Whoever inserts several accounts in one statement has SQLite look for what refers to each: for these it read whole tables.
CREATE INDEX user_delegates_by_delegate ON user_delegates (delegate);
CREATE INDEX presence_interests_by_subject ON presence_interests (subject);
