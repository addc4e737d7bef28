package sqlite

import (
	"context"
	"errors"
)

// given holds the numbers that sequences have given in one transaction of the writer, which carries
// many Writes: each sequence is read once, and written once before the commit. Numbers of a rolled
// back Write are skipped.
type given struct{ last map[string]int64 }

// forget makes every sequence be read again: between transactions another process may have drawn
// numbers.
func (g *given) forget() { g.last = nil }

// next returns the last of n new numbers of a sequence.
func (g *given) next(conn *connection, sequence string, n int64) (int64, error) {
	last, known := g.last[sequence]
	if !known {
		var err error
		if last, err = lastOf(conn, sequence); err != nil {
			return 0, err
		}
		if g.last == nil {
			g.last = make(map[string]int64)
		}
	}
	g.last[sequence] = last + n
	return last + n, nil
}

// lastOf returns the last number of a sequence, 0 if it has given none.
func lastOf(conn *connection, sequence string) (last int64, err error) {
	rows, err := conn.query(context.Background(), `SELECT last FROM sequences WHERE name = ?1`, []any{sequence})
	if err != nil {
		return 0, err
	}
	if rows.Next() {
		err = rows.Scan(&last)
	}
	return last, errors.Join(err, rows.Err(), rows.Close())
}

// save stores the given numbers.
func (g *given) save(conn *connection) error {
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
