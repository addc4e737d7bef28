package podtest

import (
	"context"

	"podium/internal/db"
)

// Failer is a test, or one run of a property.
type Failer interface {
	Helper()
	Fatal(...any)
}

// Write runs fn in a transaction of the pod's database, and fails the test on an error.
func (p *Pod) Write(t Failer, fn func(tx *db.Tx) error) {
	t.Helper()
	_, err := db.Write(context.Background(), p.Inner.DB, func(tx *db.Tx) (struct{}, error) { return struct{}{}, fn(tx) })
	if err != nil {
		t.Fatal(err)
	}
}

// Number returns the number that a query of the pod's database yields, and fails the test on an
// error.
func (p *Pod) Number(t Failer, sql string, args ...any) int64 {
	t.Helper()
	n, err := db.Read(context.Background(), p.Inner.DB, func(tx *db.Tx) (int64, error) { return db.Value[int64](tx, sql, args...) })
	if err != nil {
		t.Fatal(err)
	}
	return n
}
