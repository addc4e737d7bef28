package db

import (
	"context"
	"database/sql/driver"
	"errors"
	"io"
)

// explain tells how SQLite goes about a statement that reads tables, if that is asked for.
func (c *sqliteConn) explain(query string, parameters int) error {
	if !changesRows(query) && !begins(query, "SELECT") && !begins(query, "WITH") {
		return nil
	}
	hear := c.plans(query)
	if hear == nil {
		return nil
	}
	s, err := c.conn.Prepare(`EXPLAIN QUERY PLAN ` + query)
	if err != nil {
		return err
	}
	defer s.Close()
	args := make([]driver.NamedValue, parameters) // all NULL: a plan does not depend on them
	for i := range args {
		args[i].Ordinal = i + 1
	}
	rows, err := s.(driver.StmtQueryContext).QueryContext(context.Background(), args)
	if err != nil {
		return err
	}
	defer rows.Close()
	var steps []string
	row := make([]driver.Value, len(rows.Columns()))
	for {
		if err := rows.Next(row); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			return err
		}
		step, _ := row[len(row)-1].(string)
		steps = append(steps, step)
	}
	hear(steps)
	return nil
}
