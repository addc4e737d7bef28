package db

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"reflect"
)

// sqliteConn is one connection, with the statements prepared on it so far. It goes straight to the driver:
// what database/sql does beside is for pools, and each statement of the one writer would pay for it.
type sqliteConn struct {
	conn     driver.Conn
	prepared map[string]sqliteStmt
	args     []driver.NamedValue // of the statement that is being run: the driver copies them
	plans    Plans
}

// sqliteStmt is what the driver prepares.
type sqliteStmt interface {
	driver.Stmt
	driver.StmtExecContext
	driver.StmtQueryContext
}

// maxPrepared bounds the statements kept prepared: the program's own are far fewer; only
// lists of many lengths could make more.
const maxPrepared = 1000

func openSQLiteConn(d driver.Driver, name string, plans Plans) (*sqliteConn, error) {
	conn, err := d.Open(name)
	if err != nil {
		return nil, explainSQLite(err)
	}
	return &sqliteConn{conn: conn, prepared: make(map[string]sqliteStmt), plans: plans}, nil
}

func (c *sqliteConn) stmt(query string, parameters int) (sqliteStmt, error) {
	if s, ok := c.prepared[query]; ok {
		return s, nil
	}
	prepared, err := c.conn.Prepare(query)
	if err != nil {
		return nil, err
	}
	s, ok := prepared.(sqliteStmt)
	if !ok {
		return nil, errors.New("SQLite's driver prepares statements without contexts")
	}
	if c.plans != nil {
		if err := explain(c, c.plans, query, parameters); err != nil {
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

func (c *sqliteConn) exec(ctx context.Context, query string, args []any) (int64, error) {
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
		return 0, err
	}
	return result.RowsAffected()
}

func (c *sqliteConn) query(ctx context.Context, query string, args []any) (rows, error) {
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
		return nil, err
	}
	return &sqliteRows{ctx: ctx, rows: found, row: make([]driver.Value, len(found.Columns()))}, nil
}

// values is arguments as the driver takes them, good until the next statement.
func (c *sqliteConn) values(args []any) ([]driver.NamedValue, error) {
	c.args = c.args[:0]
	for i, arg := range args {
		v, err := sqliteValue(arg)
		if err != nil {
			return nil, fmt.Errorf("parameter %d: %w", i+1, err)
		}
		c.args = append(c.args, driver.NamedValue{Ordinal: i + 1, Value: v})
	}
	return c.args, nil
}

func sqliteValue(arg any) (driver.Value, error) {
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

func (c *sqliteConn) close() {
	for _, s := range c.prepared {
		s.Close()
	}
	c.conn.Close()
}

// sqliteRows is the driver's cursor as a Tx reads it.
type sqliteRows struct {
	ctx  context.Context
	rows driver.Rows
	row  []driver.Value
	err  error
}

func (r *sqliteRows) Next() bool {
	if r.err == nil {
		if r.err = r.ctx.Err(); r.err == nil {
			r.err = r.rows.Next(r.row)
		}
	}
	return r.err == nil
}

func (r *sqliteRows) Err() error {
	if errors.Is(r.err, io.EOF) {
		return nil
	}
	return r.err
}

func (r *sqliteRows) Close() error { return r.rows.Close() }

func (r *sqliteRows) Scan(dest ...any) error {
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
