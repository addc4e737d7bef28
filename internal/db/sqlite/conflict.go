package sqlite

import (
	"context"
	"errors"
	"strings"

	sqlite3 "modernc.org/sqlite/lib"

	"podium/internal/db/engine"
)

// coded is an error of SQLite: *sqlite.Error of the driver, or a codedError.
type coded interface {
	error
	Code() int
}

// explained returns an error in the form that callers compare with errors.Is.
func explained(err error) error {
	var failure coded
	if err == nil || errors.Is(err, engine.ErrExists) || errors.Is(err, engine.ErrUnavailable) || !errors.As(err, &failure) {
		return err
	}
	switch failure.Code() & 0xff {
	case sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_FULL,
		sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_NOMEM:
		return unavailable(err)
	case sqlite3.SQLITE_INTERRUPT:
		return context.Canceled
	}
	return err
}

// conflict returns the error of a statement as an engine.Conflict if it broke a unique constraint.
func (c *connection) conflict(err error) error {
	var failure coded
	if !errors.As(err, &failure) {
		return err
	}
	if code := failure.Code(); code != sqlite3.SQLITE_CONSTRAINT_UNIQUE && code != sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY {
		return err
	}
	return &engine.Conflict{Constraint: c.constraint(failure.Error()), Cause: err}
}

// constraint returns the name of the unique constraint in an error's text, in PostgreSQL's naming;
// empty if it cannot be found. SQLite names the index only if it has an expression,
//
//	UNIQUE constraint failed: index 'users_by_name'
//
// and otherwise the columns:
//
//	UNIQUE constraint failed: users.company, users.username
func (c *connection) constraint(text string) string {
	_, what, _ := strings.Cut(text, "constraint failed: ")
	if _, after, ok := strings.Cut(what, "constraint failed: "); ok {
		what = after // the driver puts the kind of error first
	}
	what, _, _ = strings.Cut(what, " (")
	if name, ok := strings.CutPrefix(what, "index '"); ok {
		return strings.TrimSuffix(name, "'")
	}
	name, known := c.constraints[what]
	if !known {
		name = c.findConstraint(what)
		if c.constraints == nil {
			c.constraints = make(map[string]string)
		}
		c.constraints[what] = name
	}
	return name
}

// findConstraint returns the name of the unique constraint on some columns, each written
// table.column.
func (c *connection) findConstraint(columns string) string {
	table, _, _ := strings.Cut(columns, ".")
	wanted := strings.ReplaceAll(columns, table+".", "")
	plans := c.plans
	c.plans = nil // the tables of the catalogue have no indexes
	defer func() { c.plans = plans }()
	rows, err := c.query(context.Background(), `
		SELECT name, origin, (SELECT group_concat(name, ', ') FROM (SELECT name FROM pragma_index_info(list.name) ORDER BY seqno))
		FROM pragma_index_list(?1) AS list
		WHERE "unique"`, []any{table})
	if err != nil {
		return ""
	}
	defer rows.Close()
	for rows.Next() {
		var name, origin, of string
		if rows.Scan(&name, &origin, &of) != nil {
			continue // an expression among the columns
		}
		switch {
		case of != wanted:
		case origin == "c":
			return name
		case origin == "u":
			return table + "_" + strings.ReplaceAll(of, ", ", "_") + "_key"
		}
	}
	if rows.Err() != nil {
		return ""
	}
	return table + "_pkey"
}
