package sqlite

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"reflect"

	"podium/internal/db/engine"
)

// connection is one connection with its prepared statements. It uses the driver directly: what
// database/sql adds is for pools, and each statement of the only writer would pay for it.
type connection struct {
	conn     driver.Conn
	prepared map[string]statement
	args     []driver.NamedValue // of the statement that is running: the driver copies them
	plans    Plans

	constraints map[string]string // columns of a unique constraint → its name
}

// statement is what the driver prepares.
type statement interface {
	driver.Stmt
	driver.StmtExecContext
	driver.StmtQueryContext
}

// maxPrepared is the most prepared statements kept. The program has far fewer; only lists of many
// lengths could make more.
const maxPrepared = 1000

func openConnection(d driver.Driver, name string, plans Plans) (*connection, error) {
	conn, err := d.Open(name)
	if err != nil {
		return nil, explained(err)
	}
	return &connection{conn: conn, prepared: make(map[string]statement), plans: plans}, nil
}

func (c *connection) stmt(query string, parameters int) (statement, error) {
	if s, ok := c.prepared[query]; ok {
		return s, nil
	}
	prepared, err := c.conn.Prepare(query)
	if err != nil {
		return nil, err
	}
	s, ok := prepared.(statement)
	if !ok {
		return nil, errors.New("SQLite's driver prepares statements without contexts")
	}
	if c.plans != nil {
		if err := hearPlan(c, c.plans, query, parameters); err != nil {
			return nil, err
		}
	}
	if len(c.prepared) >= maxPrepared {
		for q, old := range c.prepared {
			old.Close()
			delete(c.prepared, q)
		}
	}
	c.prepared[query] = s
	return s, nil
}

func (c *connection) exec(ctx context.Context, query string, args []any) (int64, error) {
	s, err := c.stmt(query, len(args))
	if err != nil {
		return 0, err
	}
	values, err := c.values(args)
	if err != nil {
		return 0, err
	}
	result, err := s.ExecContext(ctx, values)
	if err != nil {
		return 0, c.conflict(err)
	}
	return result.RowsAffected()
}

func (c *connection) query(ctx context.Context, query string, args []any) (engine.Rows, error) {
	s, err := c.stmt(query, len(args))
	if err != nil {
		return nil, err
	}
	values, err := c.values(args)
	if err != nil {
		return nil, err
	}
	found, err := s.QueryContext(ctx, values)
	if err != nil {
		return nil, c.conflict(err)
	}
	return &connectionRows{conn: c, ctx: ctx, rows: found, row: make([]driver.Value, len(found.Columns()))}, nil
}

// values returns arguments as the driver accepts them, valid until the next statement.
func (c *connection) values(args []any) ([]driver.NamedValue, error) {
	c.args = c.args[:0]
	for i, arg := range args {
		v, err := valueOf(arg)
		if err != nil {
			return nil, fmt.Errorf("parameter %d: %w", i+1, err)
		}
		c.args = append(c.args, driver.NamedValue{Ordinal: i + 1, Value: v})
	}
	return c.args, nil
}

func valueOf(arg any) (driver.Value, error) {
	switch arg.(type) {
	case nil, int64, string, bool, []byte, float64:
		return arg, nil
	}
	switch v := reflect.ValueOf(arg); v.Kind() {
	case reflect.Int64, reflect.Int:
		return v.Int(), nil
	case reflect.String:
		return v.String(), nil
	}
	return driver.DefaultParameterConverter.ConvertValue(arg)
}

func (c *connection) close() {
	for _, s := range c.prepared {
		s.Close()
	}
	c.conn.Close()
}

// connectionRows is the driver's cursor in the form of engine.Rows.
type connectionRows struct {
	conn *connection
	ctx  context.Context
	rows driver.Rows
	row  []driver.Value
	err  error
}

func (r *connectionRows) Next() bool {
	if r.err == nil {
		if r.err = r.ctx.Err(); r.err == nil {
			r.err = r.rows.Next(r.row)
		}
	}
	return r.err == nil
}

func (r *connectionRows) Err() error {
	if errors.Is(r.err, io.EOF) {
		return nil
	}
	return explained(r.conn.conflict(r.err))
}

func (r *connectionRows) Close() error { return r.rows.Close() }

func (r *connectionRows) Scan(dest ...any) error {
	if len(dest) != len(r.row) {
		return fmt.Errorf("a row of %d columns is read into %d variables", len(r.row), len(dest))
	}
	for i, d := range dest {
		if err := assign(d, r.row[i]); err != nil {
			return fmt.Errorf("column %d (%s): %w", i+1, r.rows.Columns()[i], err)
		}
	}
	return nil
}
