package db

import (
	"context"
	"database/sql/driver"
	"errors"
	"reflect"
	"time"

	"modernc.org/libc"
	sqlite3 "modernc.org/sqlite/lib"
)

// interruptAgain is how long a connection that goes on after an interrupt is left alone. SQLite forgets an interrupt
// that comes between two statements, or between the beginning of a statement and its first step.
const interruptAgain = 5 * time.Millisecond

// handleOf returns SQLite's own handle of a connection, which the driver keeps to itself: the driver interrupts a
// statement only until its first row.
func handleOf(conn driver.Conn) (uintptr, error) {
	if v := reflect.Indirect(reflect.ValueOf(conn)); v.Kind() == reflect.Struct {
		if f := v.FieldByName("db"); f.IsValid() && f.Kind() == reflect.Uintptr {
			return uintptr(f.Uint()), nil
		}
	}
	return 0, errors.New("SQLite's driver has connections of another form")
}

// interruptible interrupts what the connection does once ctx ends, until stop is called. When stop has returned,
// nothing interrupts the next user of the connection.
func (c *sqliteConn) interruptible(ctx context.Context) (stop func()) {
	if ctx.Done() == nil {
		return func() {}
	}
	over, stopped := make(chan struct{}), make(chan struct{})
	forget := context.AfterFunc(ctx, func() {
		defer close(stopped)
		tls := libc.NewTLS()
		defer tls.Close()
		again := time.NewTicker(interruptAgain)
		defer again.Stop()
		for {
			sqlite3.Xsqlite3_interrupt(tls, c.handle)
			select {
			case <-over:
				return
			case <-again.C:
			}
		}
	})
	return func() {
		if !forget() {
			close(over)
			<-stopped
		}
	}
}
