package seal_test

import (
	"context"
	"errors"
	"testing"

	"podium/internal/auth"
	"podium/internal/db"
	"podium/internal/db/dbtest"
	"podium/internal/journal"
	"podium/internal/journal/seal"
)

type audited struct{}

func (audited) Kind() string { return "test.audited" }

func (audited) Audience() journal.Audience { return journal.Within() }

func (audited) AuditLine(journal.Entry) journal.Line { return journal.Action("audited", "Audited") }

// TestVerifyFindsWhatTheTrailLacks removes, alters or adds rows of the audit trail's index:
// verification finds each.
func TestVerifyFindsWhatTheTrailLacks(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, kind dbtest.Kind) {
		d := dbtest.Open(t, kind)
		log := journal.Log{Allowed: func(auth.Grant, journal.Subject, journal.Fact) []auth.Role { return []auth.Role{"A", "B"} }}
		plain := journal.Log{}
		run := func(fn func(tx *db.Tx) error) error {
			_, err := db.Write(context.Background(), d, func(tx *db.Tx) (struct{}, error) { return struct{}{}, fn(tx) })
			return err
		}
		for range 3 {
			err := run(func(tx *db.Tx) error {
				if err := log.Record(tx, auth.Caller{Company: 7, User: 5}, journal.Thing("1"), audited{}); err != nil {
					return err
				}
				return plain.Record(tx, auth.Caller{Company: 7, User: 5}, journal.Thing("1"), audited{})
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		verify := func(tx *db.Tx) error {
			_, err := seal.Verify(tx, 7, seal.Keys{}, nil)
			return err
		}
		if err := run(verify); err != nil {
			t.Fatal(err)
		}
		const one = ` WHERE seq = (SELECT MIN(seq) FROM audit_trail)`
		undo := errors.New("undo")
		for name, statement := range map[string]string{
			"all rows removed":                    `DELETE FROM audit_trail`,
			"a row of a role removed":             `DELETE FROM audit_trail` + one + ` AND role = 'A'`,
			"a row of no role removed":            `DELETE FROM audit_trail` + one + ` AND role = ''`,
			"another actor":                       `UPDATE audit_trail SET actor = 6` + one,
			"another time":                        `UPDATE audit_trail SET at = at + 1` + one,
			"another role":                        `UPDATE audit_trail SET role = 'C'` + one + ` AND role = 'A'`,
			"another company":                     `UPDATE audit_trail SET company = 8` + one,
			"another fact":                        `UPDATE audit_trail SET seq = seq + 1` + one,
			"no such fact":                        `UPDATE audit_trail SET seq = 1000000` + one,
			"a row of a fact that is not audited": `INSERT INTO audit_trail SELECT company, '', at, position, seq + 1, actor FROM audit_trail` + one + ` AND role = ''`,
			"a role that the fact does not name":  `INSERT INTO audit_trail SELECT company, 'C', at, position, seq, actor FROM audit_trail` + one + ` AND role = ''`,
		} {
			err := run(func(tx *db.Tx) error {
				if err := tx.Change(statement); err != nil {
					return err
				}
				if err := verify(tx); err == nil {
					t.Errorf("%s: nothing is found", name)
				} else if broken := (*seal.Broken)(nil); !errors.As(err, &broken) || broken.Table != "audit_trail" {
					t.Errorf("%s: %v", name, err)
				}
				return undo
			})
			if !errors.Is(err, undo) {
				t.Errorf("%s: %v", name, err)
			}
		}
	})
}
