package seal

import (
	"context"
	"crypto/rsa"
	"testing"

	"podium/internal/auth"
	"podium/internal/db"
	"podium/internal/db/dbtest"
	"podium/internal/journal"
	"podium/internal/wire"
)

// BenchmarkSeal and BenchmarkVerify measure the cost of one fact on each kind of database.
func BenchmarkSeal(b *testing.B) {
	for _, kind := range dbtest.Kinds(b) {
		b.Run(string(kind), func(b *testing.B) {
			d := logOf(b, kind, b.N)
			s := &Sealer{DB: d}
			b.ResetTimer()
			for more := true; more; {
				did, err := s.batch(context.Background(), 7, ownKey())
				if err != nil {
					b.Fatal(err)
				}
				more = did.more
			}
		})
	}
}

func BenchmarkVerify(b *testing.B) {
	for _, kind := range dbtest.Kinds(b) {
		b.Run(string(kind), func(b *testing.B) {
			d := logOf(b, kind, b.N)
			s := &Sealer{DB: d, Companies: func() map[wire.CompanyID]*rsa.PrivateKey { return map[wire.CompanyID]*rsa.PrivateKey{7: ownKey()} }}
			for s.round(context.Background()).more {
			}
			b.ReportAllocs()
			b.ResetTimer()
			r, err := db.Read(context.Background(), d, func(tx *db.Tx) (Report, error) { return Verify(tx, 7, ownKeys(), nil) })
			if err != nil || r.Sealed != int64(b.N) {
				b.Fatalf("%+v, %v", r, err)
			}
		})
	}
}

// logOf returns a durable database with a company's facts.
func logOf(b *testing.B, kind dbtest.Kind, facts int) *db.DB {
	b.Helper()
	d := dbtest.Open(b, kind, func(c *db.Config) { c.Unsafe = false })
	ownKey()
	var log journal.Log
	caller := auth.Caller{Company: 7, User: 7<<36 | 1, Username: "admin", Email: "admin@x.example", Roles: []auth.Role{"INDIVIDUAL"}}
	happened := make([]journal.Happened, facts)
	for i := range happened {
		happened[i] = journal.Happened{Subject: journal.Subject{ID: "13056700579841", Name: "jane", Email: "jane@x.example"}, Fact: counted{i}}
	}
	if _, err := db.Write(context.Background(), d, func(tx *db.Tx) (struct{}, error) {
		return struct{}{}, log.RecordAll(tx, caller, happened)
	}); err != nil {
		b.Fatal(err)
	}
	return d
}
