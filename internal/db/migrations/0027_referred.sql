-- +goose Up

-- For an insert of several accounts SQLite looks for references to each: for these tables it read
-- all rows.
CREATE INDEX user_delegates_by_delegate ON user_delegates (delegate);
CREATE INDEX presence_interests_by_subject ON presence_interests (subject);
