package db

import (
	"context"
	"errors"
)

// given is the numbers that sequences have given so far in one transaction of the writer, which
// carries many Writes: each sequence is read once, and written once, before the commit. Numbers of a
// Write that is undone are left out.
type given struct{ last map[string]int64 }

// forget has every sequence read anew: between transactions another process may have taken numbers.
func (g *given) forget() { g.last = nil }

// next is the last of n new numbers of a sequence.
func (g *given) next(tx *Tx, sequence string, n int64) (int64, error) {
	last, known := g.last[sequence]
	if !known {
		var err error
		last, err = Value[int64](tx, `SELECT last FROM sequences WHERE name = $1`, sequence)
		if err != nil && !errors.Is(err, ErrNoRow) {
			return 0, err
		}
		if g.last == nil {
			g.last = make(map[string]int64)
		}
	}
	g.last[sequence] = last + n
	return last + n, nil
}

// save writes what was given.
func (g *given) save(conn *sqliteConn) error {
	for sequence, last := range g.last {
		_, err := conn.exec(context.Background(), `
			INSERT INTO sequences (name, last)
			VALUES (?1, ?2)
			ON CONFLICT (name) DO UPDATE SET last = excluded.last`, []any{sequence, last})
		if err != nil {
			return err
		}
	}
	return nil
}
