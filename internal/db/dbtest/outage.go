package dbtest

import (
	"context"
	"database/sql"
	"net/url"
	"sync"
	"testing"

	"podium/internal/db"
)

// Outage makes a test's open database unreachable for a while.
//
// On PostgreSQL it is a proxy before the server, which cuts the connections and refuses new ones.
// On SQLite it is another connection to the file that holds its write lock: reads continue.
type Outage struct {
	// Proxy is before PostgreSQL; nil on SQLite.
	Proxy *Proxy

	lock func(t testing.TB) (unlock func())

	mu     sync.Mutex
	unlock func() // nil while the database can be reached
}

// OpenFailing opens a fresh database of a kind that can be made unreachable.
func OpenFailing(t testing.TB, kind Kind, options ...Option) (*db.DB, *Outage) {
	t.Helper()
	address := URL(t, kind)
	var o *Outage
	if kind == Postgres {
		proxy := NewProxy(t, address)
		address = proxy.URL
		o = &Outage{Proxy: proxy, lock: func(testing.TB) func() { proxy.Close(); return proxy.Open }}
	} else {
		o = &Outage{lock: func(t testing.TB) func() { return lockFile(t, address) }}
	}
	d := OpenAt(t, address, options...)
	t.Cleanup(func() { o.End() }) // before the database is closed
	return d, o
}

// Begin makes the database unreachable, until End.
func (o *Outage) Begin(t testing.TB) {
	t.Helper()
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.unlock == nil {
		o.unlock = o.lock(t)
	}
}

// End makes the database reachable again.
func (o *Outage) End() {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.unlock != nil {
		o.unlock()
		o.unlock = nil
	}
}

// lockFile holds the write lock of a SQLite file until unlock.
func lockFile(t testing.TB, path string) (unlock func()) {
	t.Helper()
	ctx := context.Background()
	pool, err := sql.Open("sqlite", "file:"+(&url.URL{Path: path}).EscapedPath()+"?_pragma=busy_timeout(10000)")
	if err != nil {
		t.Fatal(err)
	}
	conn, err := pool.Conn(ctx)
	if err == nil {
		_, err = conn.ExecContext(ctx, `BEGIN IMMEDIATE`)
	}
	if err != nil {
		pool.Close()
		t.Fatal(err)
	}
	return func() {
		conn.ExecContext(ctx, `ROLLBACK`)
		conn.Close()
		pool.Close()
	}
}
