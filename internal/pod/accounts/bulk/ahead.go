package bulk

import (
	"context"
	"errors"
	"io"
	"sync"

	"podium/internal/pod/accounts"
)

// chunk is how many rows are read and checked together.
const chunk = 500

// checkedRow is a row with a validated account, or with Err set.
type checkedRow struct {
	Row
	checked accounts.Checked
}

// ahead reads and checks rows while earlier ones are written.
type ahead struct {
	chunks chan rowChunk
	rest   []checkedRow // of the last chunk received
	err    error        // what follows it
	cancel context.CancelFunc
	ended  sync.WaitGroup
}

// rowChunk holds rows and what follows them: nil, io.EOF or why the file cannot be read on.
type rowChunk struct {
	rows []checkedRow
	err  error
}

// readAhead begins to read. stop must be called at the end.
func (i *Import) readAhead(ctx context.Context) *ahead {
	ctx, cancel := context.WithCancel(ctx)
	a := &ahead{chunks: make(chan rowChunk, maxRows/chunk), cancel: cancel}
	a.ended.Go(func() {
		defer close(a.chunks)
		for {
			c := i.next()
			select {
			case a.chunks <- c:
			case <-ctx.Done():
				return
			}
			if c.err != nil {
				return
			}
		}
	})
	return a
}

// stop ends the reading, and waits for that.
func (a *ahead) stop() {
	a.cancel()
	a.ended.Wait()
}

// next reads the next rows.
func (i *Import) next() (c rowChunk) {
	c.rows = make([]checkedRow, 0, chunk)
	for len(c.rows) < chunk {
		row, err := i.Source.Next()
		if err != nil {
			c.err = err
			return c
		}
		r := checkedRow{Row: row}
		if r.Err == nil {
			r.checked, r.Err = i.Accounts.Check(i.Company, row.Account)
		}
		c.rows = append(c.rows, r)
	}
	return c
}

// take returns the next n rows, fewer at the end of the file. An error of reading comes after the
// rows before it.
func (a *ahead) take(n int) ([]checkedRow, error) {
	rows := make([]checkedRow, 0, n)
	for {
		some := min(n-len(rows), len(a.rest))
		rows, a.rest = append(rows, a.rest[:some]...), a.rest[some:]
		switch {
		case len(rows) == n, a.err != nil && len(rows) > 0, errors.Is(a.err, io.EOF):
			return rows, nil
		case a.err != nil:
			return nil, a.err
		}
		c, more := <-a.chunks
		if !more {
			return nil, context.Canceled
		}
		a.rest, a.err = c.rows, c.err
	}
}
