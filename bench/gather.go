package main

import (
	"context"
	"database/sql"
	"net"
	"net/url"
	"time"

	_ "modernc.org/sqlite" // the driver
)

// gathered is a bare gathered-commit loop: one goroutine owns the connection, takes every
// insertion that waits, and commits them together.
type gathered struct {
	waiting               chan *insertion
	begin, insert, commit *sql.Stmt
}

// insertion is one row that waits for its commit.
type insertion struct {
	id   int64
	row  row
	err  error
	done chan struct{}
}

// mostGathered is the most insertions of one commit.
const mostGathered = 256

// serveSQLiteInserts returns the write ceiling: what inserting a row durably costs when nothing
// is between net/http and SQLite.
func serveSQLiteInserts(listener net.Listener, o order) (func(), error) {
	pragmas := url.Values{"_pragma": {"journal_mode(WAL)", "synchronous(FULL)", "cache_size(-16384)"}}
	pool, err := sql.Open("sqlite", "file:"+o.Database+"?"+pragmas.Encode())
	if err != nil {
		return nil, err
	}
	pool.SetMaxOpenConns(1)
	if _, err := pool.Exec(createTable); err != nil {
		return nil, err
	}
	g := &gathered{waiting: make(chan *insertion, mostGathered)}
	if err := g.prepare(pool); err != nil {
		return nil, err
	}
	go g.loop()
	return bare(listener, insertRows(g.add)), nil
}

// prepare readies the statements, on one connection.
func (g *gathered) prepare(pool *sql.DB) error {
	ctx := context.Background()
	conn, err := pool.Conn(ctx)
	if err != nil {
		return err
	}
	for text, statement := range map[string]**sql.Stmt{
		`BEGIN IMMEDIATE`: &g.begin,
		`COMMIT`:          &g.commit,
		`INSERT INTO bench_rows (id, author, name, text, at) VALUES (?1, ?2, ?3, ?4, ?5)`: &g.insert,
	} {
		if *statement, err = conn.PrepareContext(ctx, text); err != nil {
			return err
		}
	}
	return nil
}

func (g *gathered) add(_ context.Context, id int64, in row) error {
	i := &insertion{id: id, row: in, done: make(chan struct{})}
	g.waiting <- i
	<-i.done
	return i.err
}

func (g *gathered) loop() {
	batch := make([]*insertion, 0, mostGathered)
	for first := range g.waiting {
		var err error
		batch, err = g.together(append(batch[:0], first))
		for _, i := range batch {
			i.err = err
			close(i.done)
		}
	}
}

// together commits an insertion and all that wait meanwhile.
func (g *gathered) together(batch []*insertion) ([]*insertion, error) {
	if _, err := g.begin.Exec(); err != nil {
		return batch, err
	}
	for n := 0; n < len(batch); n++ {
		i := batch[n]
		if _, err := g.insert.Exec(i.id, int64(1), i.row.Name, i.row.Text, time.Now().UnixMilli()); err != nil {
			return batch, err
		}
		if n == len(batch)-1 && len(batch) < mostGathered {
			select {
			case next := <-g.waiting:
				batch = append(batch, next)
			default:
			}
		}
	}
	_, err := g.commit.Exec()
	return batch, err
}
