-- +goose Up

-- Signals: saved queries for messages with tags.
CREATE TABLE signals (
	id           TEXT    PRIMARY KEY,
	company      BIGINT  NOT NULL,
	owner        BIGINT  NOT NULL,
	name         TEXT    NOT NULL,
	query        TEXT    NOT NULL, -- such as HASHTAG:deal AND POSTEDBY:7078106482890 OR CASHTAG:ibm
	on_profile   BOOLEAN NOT NULL, -- the users of the company can see it
	company_wide BOOLEAN NOT NULL, -- the users of the company have it
	created      BIGINT  NOT NULL,
	place        BIGINT  NOT NULL  -- in lists; it grows with creation
);
CREATE INDEX signals_by_owner ON signals (owner, id);
CREATE INDEX signals_company_wide ON signals (company, id) WHERE company_wide;

-- The subscribers of signals, their owners among them.
CREATE TABLE signal_subscribers (
	signal  TEXT    NOT NULL,
	user_id BIGINT  NOT NULL,
	pushed  BOOLEAN NOT NULL, -- the user may not unsubscribe
	added   BIGINT  NOT NULL,
	PRIMARY KEY (signal, user_id)
);
CREATE INDEX signal_subscribers_by_added ON signal_subscribers (signal, added, user_id);
CREATE INDEX signal_subscribers_by_user ON signal_subscribers (user_id, signal);
