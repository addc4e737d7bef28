package seal

import (
	"context"
	"errors"
	"fmt"

	"podium/internal/auth"
	"podium/internal/db"
	"podium/internal/db/lock"
	"podium/internal/journal"
	"podium/internal/wire"
)

// repairPage is how many facts one transaction moves, and one LogRepaired names.
const repairPage = 200

// PassedOver is a fact before the newest seal that has no seal: the sealer had passed its place
// before it was committed, or it was inserted by hand.
type PassedOver struct {
	journal.Cursor
	Kind  string
	At    wire.Time
	Actor wire.UserID

	// Explained is whether the row was written by the transaction that its place names.
	Explained bool
}

// LogRepaired is recorded when facts that were passed over are moved behind all sealed facts.
type LogRepaired struct {
	Facts []Moved `json:"facts"`
}

// Moved names a fact by its earlier place; its number is unchanged.
type Moved struct {
	Position  int64  `json:"position"`
	Seq       int64  `json:"seq"`
	Kind      string `json:"kind"`
	Explained bool   `json:"explained"`
}

// Kind returns the fact's name in the log.
func (LogRepaired) Kind() string { return "log.repaired" }

// Audience returns the company of the actor.
func (LogRepaired) Audience() journal.Audience { return journal.Within() }

// AuditLine returns the reason why the audit trail leaves this fact out.
func (LogRepaired) AuditLine(journal.Entry) journal.Line {
	return journal.Unaudited(journal.ByOperator)
}

// FindPassedOver walks the chain of a company and returns the facts that were passed over. If
// anything else is wrong with the chain, the error is a *Broken.
func FindPassedOver(tx *db.Tx, company wire.CompanyID, keys Keys) ([]PassedOver, error) {
	var list []PassedOver
	w := newWalker(stored(tx, company), company, keys)
	w.passedOver = func(fact journal.Raw) {
		kind, _ := fact.Values[3].(string)
		list = append(list, PassedOver{Cursor: fact.Cursor, Kind: kind, At: wire.Time(whole(fact.Values[4])), Actor: wire.UserID(whole(fact.Values[5]))})
	}
	if _, err := w.all(); err != nil || len(list) == 0 {
		return nil, err
	}
	return list, explain(tx, company, list)
}

// explain compares the places of facts with the transactions that wrote their rows. The difference
// is the offset of positions at that time: that of a sealed fact, or zero. It is unknown on SQLite,
// where nothing can be passed over, and after a dump was restored.
func explain(tx *db.Tx, company wire.CompanyID, list []PassedOver) error {
	writer := tx.Writer("events")
	if writer == "" {
		return nil
	}
	ahead := `(events.position - ` + writer + `) & 4294967295`
	known, err := db.All(tx, db.ScanValue[int64], `
		SELECT DISTINCT `+ahead+`
		FROM events
		JOIN event_seals ON event_seals.company = events.company AND event_seals.position = events.position AND event_seals.seq = events.seq
		WHERE events.company = $1`, company)
	if err != nil {
		return err
	}
	ever := map[int64]bool{0: true}
	for _, a := range known {
		ever[a] = true
	}
	for i, f := range list {
		a, err := db.Value[int64](tx, `SELECT `+ahead+` FROM events WHERE position = $1 AND seq = $2`, f.Position, f.Seq)
		if err != nil {
			return err
		}
		list[i].Explained = ever[a]
	}
	return nil
}

// LetIn moves facts that were passed over behind all sealed facts, where the sealer and feeds find
// them, and records that.
func LetIn(ctx context.Context, d *db.DB, log *journal.Log, company wire.CompanyID, list []PassedOver) error {
	for len(list) > 0 {
		page := list[:min(repairPage, len(list))]
		list = list[len(page):]
		_, err := db.Write(ctx, d, func(tx *db.Tx) (struct{}, error) {
			if err := tx.Lock(lock.SealsOf(company)); err != nil {
				return struct{}{}, err
			}
			var fact LogRepaired
			for _, f := range page {
				if err := journal.MoveToEnd(tx, company, f.Cursor); err != nil {
					if errors.Is(err, db.ErrNoRow) {
						err = fmt.Errorf("the fact at position %d, seq %d is no longer there: start again", f.Position, f.Seq)
					}
					return struct{}{}, err
				}
				fact.Facts = append(fact.Facts, Moved{f.Position, f.Seq, f.Kind, f.Explained})
			}
			return struct{}{}, log.Record(tx, auth.Caller{Company: company}, journal.Thing("log"), fact)
		})
		if err != nil {
			return err
		}
	}
	return nil
}
