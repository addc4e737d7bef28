package db

import "context"

// explain tells plans how SQLite goes about a statement that reads tables, if that is asked for.
func explain(c conn, plans Plans, query string, parameters int) error {
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
