package main_test

import (
	"context"
	"strings"
	"testing"

	"podium/internal/auth"
	"podium/internal/db"
	"podium/internal/db/dbtest"
	"podium/internal/journal"
	"podium/internal/journal/seal"
)

// A pod whose positions were raised while a transaction ran, as a start under load once did: its
// facts are passed over. They are found and moved; rows inserted by hand are not, unless the flag
// asks for it.
func TestAuditRepair(t *testing.T) {
	t.Parallel()
	dbtest.NeedPostgres(t)
	a := newAudited(t, dbtest.Postgres)
	a.acts(3)
	if r := a.audit("repair").want(0); !strings.Contains(r.stdout, "company 1: 0 facts were passed over, nothing was changed") {
		t.Error(r.stdout)
	}
	d := dbtest.OpenAt(t, a.database)
	_, err := db.Write(context.Background(), d, func(tx *db.Tx) (struct{}, error) {
		for range 3 {
			if err := new(journal.Log).Record(tx, auth.Caller{Company: 1}, journal.Thing("late"), seal.LogRepaired{}); err != nil {
				return struct{}{}, err
			}
		}
		for range 2 { // facts of later transactions, which wait for this one to be sealed
			if err := a.act(); err != nil {
				return struct{}{}, err
			}
		}
		raise(t, a.database)
		a.acts(0) // and no longer do
		return struct{}{}, nil
	})
	if err != nil {
		t.Fatal(err)
	}
	a.audit("verify").fails(1, "passed over", "audit repair")
	for range 2 {
		if r := a.audit("repair", "--dry-run").want(1); strings.Count(r.stdout, "written by the transaction that its place names") != 3 {
			t.Error(r.stdout)
		}
	}
	if r := a.audit("repair").want(0); !strings.Contains(r.stdout, "3 of 3 facts") {
		t.Error(r.stdout)
	}
	a.acts(1)
	exported := a.audit("export").want(0).stdout
	if strings.Count(exported, `"late"`) != 3 || !strings.Contains(exported, `log.repaired`) {
		t.Errorf("the export has not what was let in:\n%s", exported)
	}

	a.change(`
		INSERT INTO events (position, seq, company, kind, at, actor, actor_name, actor_email, app, roles, subject, subject_name, subject_email, data)
		SELECT position, -1, company, 'forged', 1, 1, '', '', '', '', '', '', '', '{}' FROM event_seals WHERE company = 1 AND number = 2`)
	a.audit("repair").want(1)
	a.audit("verify").fails(1, "passed over")
	a.audit("repair", "--unexplained").want(0)
	a.acts(1)

	a.change(`UPDATE events SET kind = 'altered' WHERE seq = (SELECT seq FROM event_seals WHERE company = 1 AND number = 2)`)
	a.audit("repair", "--unexplained").fails(1, "altered")
}

// raise does what a start once did to positions under load.
func raise(t *testing.T, database string) {
	t.Helper()
	_, err := db.Write(context.Background(), dbtest.OpenAt(t, database), func(tx *db.Tx) (struct{}, error) {
		return struct{}{}, tx.Change(`UPDATE positions SET ahead = ahead + 1000`)
	})
	if err != nil {
		t.Fatal(err)
	}
}

// On SQLite a fact without a seal among those that have one was inserted.
func TestAuditRepairOnSQLite(t *testing.T) {
	t.Parallel()
	a := newAudited(t, dbtest.SQLite)
	a.acts(3)
	a.audit("repair").want(0)
	a.change(`
		INSERT INTO events (position, seq, company, kind, at, actor, actor_name, actor_email, app, roles, subject, subject_name, subject_email, data)
		SELECT 0, -1, 1, 'forged', 1, 1, '', '', '', '', '', '', '', '{}'`)
	a.audit("repair").want(1)
	a.audit("verify").fails(1, "passed over")
}
