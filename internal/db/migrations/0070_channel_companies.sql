-- +goose Up

-- The channel companies: the companies whose people a company sponsors.
CREATE TABLE channel_companies (
	id          BIGINT PRIMARY KEY, -- tx.Next('places')
	company     BIGINT NOT NULL REFERENCES companies (id), -- the sponsor
	name        TEXT   NOT NULL,
	name_folded TEXT   NOT NULL,
	created     BIGINT NOT NULL, -- milliseconds
	UNIQUE (company, name_folded)
);

-- The domains of the e-mail addresses of channel companies.
CREATE TABLE channel_domains (
	company BIGINT NOT NULL REFERENCES companies (id), -- the sponsor
	domain  TEXT   NOT NULL, -- folded
	channel BIGINT NOT NULL REFERENCES channel_companies (id),
	PRIMARY KEY (company, domain)
);

-- The sponsored users: accounts of the sponsor that belong to people of a channel company.
CREATE TABLE channel_users (
	user_id BIGINT PRIMARY KEY REFERENCES users (id),
	channel BIGINT NOT NULL REFERENCES channel_companies (id)
);
