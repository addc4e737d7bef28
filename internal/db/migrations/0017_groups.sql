-- +goose Up

-- The distribution lists. The profile of a list is in its account.
CREATE TABLE groups (
	id          BIGINT PRIMARY KEY REFERENCES users (id), -- its account
	company     BIGINT NOT NULL REFERENCES companies (id),
	name        TEXT   NOT NULL,
	name_folded TEXT   NOT NULL,
	status      TEXT   NOT NULL, -- ACTIVE, DELETED
	tag         TEXT   NOT NULL, -- of this version
	limits      TEXT   NOT NULL, -- JSON: the visibility restriction, implicit connection and interaction transfer
	created     BIGINT NOT NULL, -- milliseconds
	created_by  BIGINT NOT NULL,
	updated     BIGINT NOT NULL,
	updated_by  BIGINT NOT NULL,
	UNIQUE (company, name_folded)
);
CREATE INDEX groups_by_creation ON groups (company, created, id);
CREATE INDEX groups_by_status ON groups (company, status, created, id);
CREATE INDEX groups_by_id ON groups (company, id);

-- The members of distribution lists. A deleted list keeps its members, because it may be restored.
CREATE TABLE group_members (
	group_id BIGINT NOT NULL REFERENCES groups (id),
	user_id  BIGINT NOT NULL REFERENCES users (id),
	added    BIGINT NOT NULL, -- milliseconds
	PRIMARY KEY (group_id, user_id)
);
CREATE INDEX group_members_by_user ON group_members (user_id);
