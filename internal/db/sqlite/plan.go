package sqlite

import (
	"context"

	"podium/internal/db/engine"
)

// Plans is asked about each statement that is prepared. The function that it returns, if not nil,
// receives the steps in which SQLite runs the statement: for tests that look for reads without an index.
type Plans func(sql string) (hear func(steps []string))

// preparer is a connection, by the driver or without it.
type preparer interface {
	query(ctx context.Context, query string, args []any) (engine.Rows, error)
}

// hearPlan gives plans the steps in which SQLite runs a statement that reads tables, if it asks for them.
func hearPlan(c preparer, plans Plans, query string, parameters int) error {
	if !changesRows(query) && !begins(query, "SELECT") && !begins(query, "WITH") {
		return nil
	}
	hear := plans(query)
	if hear == nil {
		return nil
	}
	steps, err := c.query(context.Background(), `EXPLAIN QUERY PLAN `+query, make([]any, parameters)) // all NULL: a plan does not depend on them
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
