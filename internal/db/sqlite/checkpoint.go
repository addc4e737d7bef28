package sqlite

import (
	"context"
	"errors"
	"os"
)

const (
	// walSize is the length in bytes of SQLite's write-ahead log from which its content is moved
	// into the database. The log is truncated to that length when it starts again.
	walSize = 32 << 20

	// walPages is the number of pages at which the writer does so itself: if the checkpointer
	// cannot keep up, or never finds a moment without writes, which the log needs to start again.
	walPages = 32 << 10 // 128 MiB

	pageSize = 4 << 10 // of a database of SQLite
)

// checkpointer is the goroutine that moves SQLite's write-ahead log into the database, which waits
// for the disk twice. It has its own connection, so that no Write waits for it.
type checkpointer struct {
	conn  *connection
	wal   string // the log's file
	wake  chan struct{}
	ended chan struct{}
}

func startCheckpointer(conn *connection, path string) *checkpointer {
	c := &checkpointer{conn: conn, wal: path + "-wal", wake: make(chan struct{}, 1), ended: make(chan struct{})}
	go c.loop()
	return c
}

// committed signals that the log has grown. It must not be called after stop.
func (c *checkpointer) committed() {
	select {
	case c.wake <- struct{}{}:
	default:
	}
}

func (c *checkpointer) stop() {
	close(c.wake)
	<-c.ended
}

func (c *checkpointer) loop() {
	defer close(c.ended)
	defer c.conn.close()
	for range c.wake {
		if c.due() {
			// A failed checkpoint is repeated later; the writer reports a database that cannot be
			// written.
			c.checkpoint("PASSIVE")
		}
	}
}

// due reports whether enough of the log is not in the database yet to be worth two waits.
func (c *checkpointer) due() bool {
	file, err := os.Stat(c.wal)
	if err != nil || file.Size() <= walSize {
		return false
	}
	pages, err := c.checkpoint("NOOP")
	return err == nil && pages >= walSize/pageSize
}

// checkpoint runs a checkpoint of a mode, and returns how many pages of the log are not in the
// database yet.
func (c *checkpointer) checkpoint(mode string) (pages int64, err error) {
	rows, err := c.conn.query(context.Background(), `PRAGMA wal_checkpoint(`+mode+`)`, nil)
	if err != nil {
		return 0, err
	}
	defer rows.Close()
	var busy, log, done int64
	if rows.Next() {
		err = rows.Scan(&busy, &log, &done)
	}
	return log - done, errors.Join(err, rows.Err())
}
