package podtest

import (
	"context"
	"database/sql"
	"net/url"
)

// look reads all tables of a SQLite file, by a connection of its own. Preparing that statement
// takes longer than most calls, and so does reading the rows: so it is prepared once, and the rows
// are read again only if another connection has changed the file since.
type look struct {
	conn    *sql.Conn
	rows    *sql.Stmt
	version int64 // of the file, when tables was read
	tables  Tables
}

// lookAt returns what a statement of selectTables reads. Callers must not change it.
func (p *Pod) lookAt(statement string) Tables {
	p.t.Helper()
	p.lookMu.Lock()
	defer p.lookMu.Unlock()
	l, err := p.looks[statement], error(nil)
	if l == nil {
		l, err = p.newLook(statement)
	}
	if err == nil {
		err = l.read()
	}
	if err != nil {
		p.t.Fatal(err)
	}
	return l.tables
}

func (p *Pod) newLook(statement string) (*look, error) {
	ctx := context.Background()
	pool, err := sql.Open("sqlite", "file:"+(&url.URL{Path: p.database}).EscapedPath()+"?mode=ro&_pragma=busy_timeout(10000)")
	if err != nil {
		return nil, err
	}
	p.t.Cleanup(func() { pool.Close() })
	l := &look{version: -1}
	if l.conn, err = pool.Conn(ctx); err != nil {
		return nil, err
	}
	p.t.Cleanup(func() { l.conn.Close() })
	if l.rows, err = l.conn.PrepareContext(ctx, statement); err != nil {
		return nil, err
	}
	p.looks[statement] = l
	return l, nil
}

// read reads the tables, unless no other connection has changed the file since the last read.
func (l *look) read() error {
	ctx := context.Background()
	var version int64
	if err := l.conn.QueryRowContext(ctx, "PRAGMA data_version").Scan(&version); err != nil || version == l.version {
		return err
	}
	rows, err := l.rows.QueryContext(ctx)
	if err != nil {
		return err
	}
	defer rows.Close()
	tables := Tables{}
	for rows.Next() {
		var name, texts string
		if err := rows.Scan(&name, &texts); err != nil {
			return err
		}
		if texts != "" {
			tables[name] = texts
		}
	}
	l.version, l.tables = version, tables
	return rows.Err()
}
