-- +goose Up

-- The barrier groups of a company.
CREATE TABLE barrier_groups (
	number      BIGINT PRIMARY KEY, -- tx.Next('places')
	id          TEXT   NOT NULL,    -- as clients name it
	company     BIGINT NOT NULL REFERENCES companies (id),
	name        TEXT   NOT NULL,
	name_folded TEXT   NOT NULL,
	members     BIGINT NOT NULL, -- how many rows it has in barrier_members
	created     BIGINT NOT NULL, -- milliseconds
	modified    BIGINT NOT NULL,
	UNIQUE (company, id),
	UNIQUE (company, name_folded)
);
CREATE INDEX barrier_groups_by_number ON barrier_groups (company, number);

-- The members of barrier groups. The account of a member has users.walled set.
CREATE TABLE barrier_members (
	user_id BIGINT NOT NULL,
	grp     BIGINT NOT NULL REFERENCES barrier_groups (number),
	PRIMARY KEY (user_id, grp)
);
CREATE INDEX barrier_members_by_group ON barrier_members (grp, user_id);

-- The policies of a company. An active policy of type BLOCK separates the members of its groups.
CREATE TABLE barrier_policies (
	number   BIGINT  PRIMARY KEY, -- tx.Next('places')
	id       TEXT    NOT NULL,    -- as clients name it
	company  BIGINT  NOT NULL REFERENCES companies (id),
	type     TEXT    NOT NULL, -- BLOCK, ALLOW
	active   BOOLEAN NOT NULL,
	created  BIGINT  NOT NULL, -- milliseconds
	modified BIGINT  NOT NULL,
	UNIQUE (company, id)
);
CREATE INDEX barrier_policies_by_number ON barrier_policies (company, number);

-- The barrier groups that a policy names.
CREATE TABLE barrier_policy_groups (
	policy BIGINT NOT NULL REFERENCES barrier_policies (number),
	grp    BIGINT NOT NULL REFERENCES barrier_groups (number),
	PRIMARY KEY (policy, grp)
);
CREATE INDEX barrier_policy_groups_by_group ON barrier_policy_groups (grp, policy);

-- Code that remembers a separation compares the version.

-- The barrier version of a company: a counter of the changes of who is separated. No row: no change
-- yet.
CREATE TABLE barrier_versions (
	company BIGINT PRIMARY KEY REFERENCES companies (id),
	version BIGINT NOT NULL
);

-- The barrier groups of each account in active BLOCK policies. Two accounts in different groups of
-- one policy are separated.
CREATE VIEW barrier_sides AS
	SELECT m.user_id, g.policy, g.grp
	FROM barrier_members m
	JOIN barrier_policy_groups g ON g.grp = m.grp
	JOIN barrier_policies p ON p.number = g.policy
	WHERE p.active AND p.type = 'BLOCK';

-- Whether the account is in a barrier group. If not, it is separated from no user.
ALTER TABLE users ADD COLUMN walled BOOLEAN NOT NULL DEFAULT FALSE;

-- Whether a barrier separates members of the stream: 0 no; 1 yes; 2 yes, and it is a room that was
-- also deactivated.
ALTER TABLE streams ADD COLUMN barred BIGINT NOT NULL DEFAULT 0;
CREATE INDEX streams_barred ON streams (number) WHERE barred > 0;
