package sqlite

import (
	"context"

	"podium/internal/db/engine"
)

// Plans is called for each prepared statement. The function that it returns, if not nil, is called
// with the steps of SQLite's plan: for tests that look for reads without an index.
type Plans func(sql string) (hear func(steps []string))

// preparer is a connection, with the driver or without it.
type preparer interface {
	query(ctx context.Context, query string, args []any) (engine.Rows, error)
}

// hearPlan passes SQLite's plan of a statement that reads tables to plans, if plans asks for it.
func hearPlan(c preparer, plans Plans, query string, parameters int) error {
	if !changesRows(query) && !begins(query, "SELECT") && !begins(query, "WITH") {
		return nil
	}
	hear := plans(query)
	if hear == nil {
		return nil
	}
	// all NULL: a plan does not depend on them
	steps, err := c.query(context.Background(), `EXPLAIN QUERY PLAN `+query, make([]any, parameters))
	if err != nil {
		return err
	}
	defer steps.Close()
	var list []string
	for steps.Next() {
		var step string
		var id, parent, unused int64
		if err := steps.Scan(&id, &parent, &unused, &step); err != nil {
			return err
		}
		list = append(list, step)
	}
	if err := steps.Err(); err != nil {
		return err
	}
	hear(list)
	return nil
}
