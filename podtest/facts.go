package podtest

import (
	"context"
	"fmt"

	"podium/internal/db"
)

// Facts returns the facts recorded of an account of Acme, as kind and data, oldest first.
func (p *Pod) Facts(id int64) []string {
	p.t.Helper()
	facts, err := db.Read(context.Background(), p.Inner.DB, func(tx *db.Tx) ([]string, error) {
		return db.All(tx, func(row db.Row) (string, error) {
			var kind, data string
			err := row.Scan(&kind, &data)
			return kind + " " + data, err
		}, `SELECT kind, data FROM events WHERE company = 190 AND subject = $1 ORDER BY position, seq`, fmt.Sprint(id))
	})
	if err != nil {
		p.t.Fatal(err)
	}
	return facts
}
