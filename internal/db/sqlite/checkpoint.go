package sqlite

import (
	"context"
	"errors"
	"os"
)

const (
	// walSize is how long SQLite's write-ahead log may become, in bytes, before what it holds is
	// brought into the database. It is cut to that length when it begins anew.
	walSize = 32 << 20

	// walPages is at how many pages the writer does so itself: when the checkpointer does not keep
	// up, or never meets a moment in which nobody writes, without which the log cannot begin anew.
	walPages = 32 << 10 // 128 MiB

	pageSize = 4 << 10 // of a database of SQLite
)

// checkpointer is the goroutine that brings SQLite's write-ahead log into the database, which waits
// for the disk twice: on a connection of its own, so that no Write waits with it.
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

// committed tells it that the log has grown. It must not be called after stop.
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
			// One that fails is made up for by the next; a database that cannot be written tells the writer so.
			c.checkpoint("PASSIVE")
		}
	}
}

// due tells whether so much of the log is not yet in the database that it is worth two waits.
func (c *checkpointer) due() bool {
	file, err := os.Stat(c.wal)
	if err != nil || file.Size() <= walSize {
		return false
	}
	pages, err := c.checkpoint("NOOP")
	return err == nil && pages >= walSize/pageSize
}

// checkpoint runs a checkpoint of some mode, and tells how many pages of the log are not yet in the database.
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
