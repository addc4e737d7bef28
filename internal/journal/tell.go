package journal

import (
	"context"
	"encoding/json"
	"errors"
	"math"

	"podium/internal/db"
	"podium/internal/follow"
	"podium/internal/wire"
)

// tellPage is how many facts about streams one transaction reads.
const tellPage = 200

// TellAll writes facts about streams into the logs of all companies that they concern, where an
// older version wrote them only for the actor's company. It continues where the last run ended, and
// returns how many entries it wrote. They are at the end of the log, where the sealer and feeds
// find them, with the time of the fact. Several nodes may run it at the same time.
func (l *Log) TellAll(ctx context.Context, d *db.DB) (int, error) {
	written := 0
	for {
		page, err := db.Read(ctx, d, untold)
		if err != nil || page.from == page.to {
			return written, err
		}
		n, err := db.Write(ctx, d, func(tx *db.Tx) (int, error) { return l.tellPage(tx, page) })
		if errors.Is(err, db.ErrNoRow) {
			continue // another node was faster
		}
		if err != nil {
			return written, err
		}
		written += n
	}
}

// toTell is a range of the log, with its facts about streams.
type toTell struct {
	from, to Cursor
	entries  []Entry
}

func untold(tx *db.Tx) (t toTell, err error) {
	if t.from, err = db.One(tx, follow.ScanCursor, `SELECT position, seq FROM facts_told WHERE one = 1`); err != nil {
		return t, err
	}
	t.to = t.from
	if t.entries, err = ofStreams.After(tx, t.from, tellPage); err != nil {
		return t, err
	}
	if n := len(t.entries); n == tellPage {
		t.to = t.entries[n-1].Cursor
		return t, nil
	}
	end, err := all.End(tx)
	if err == nil && end.Last != (Cursor{}) && end.Last.Compare(t.from) > 0 {
		t.to = end.Last
	}
	return t, err
}

// tellPage writes the missing entries of a range. It fails with db.ErrNoRow if another node has
// written them.
func (l *Log) tellPage(tx *db.Tx, page toTell) (int, error) {
	err := tx.Change(`
		UPDATE facts_told
		SET position = $3, seq = $4
		WHERE one = 1 AND position = $1 AND seq = $2`, page.from.Position, page.from.Seq, page.to.Position, page.to.Seq)
	if err != nil {
		return 0, err
	}
	var missing []Entry
	for _, e := range page.entries {
		fact, err := l.Kinds.Decode(e)
		if err != nil {
			return 0, err
		}
		audience := fact.Audience()
		for _, company := range audience.Others(e.Company) {
			other, err := entryFor(company, e, fact, audience)
			if err != nil {
				return 0, err
			}
			if there, err := l.isThere(tx, fact, other); err != nil {
				return 0, err
			} else if !there {
				missing = append(missing, other)
			}
		}
	}
	if len(missing) == 0 {
		return 0, nil
	}
	if l.Wake != nil {
		tx.OnCommit(l.Wake)
	}
	return len(missing), insert(tx, missing)
}

// isThere reports whether a company's log already has the entry of a fact. The fact was read from
// another company's log, which may know other parts of it. So it compares what a company without a
// user in the fact may know.
func (l *Log) isThere(tx *db.Tx, fact Fact, e Entry) (bool, error) {
	want, err := common(fact)
	if err != nil {
		return false, err
	}
	found, err := db.All(tx, scanEntry, selectEntries+`
		WHERE company = $1 AND at = $2 AND subject = $3`, e.Company, e.At, e.Subject.ID)
	for _, other := range found {
		same, err := l.Kinds.Decode(other)
		if err != nil {
			return false, err
		}
		has, err := common(same)
		if err != nil {
			return false, err
		}
		if has == want {
			return true, nil
		}
	}
	return false, err
}

// outsider is a number that no company has.
const outsider wire.CompanyID = math.MaxInt32

// common returns the kind and the content of what any company may know of a fact.
func common(fact Fact) (string, error) {
	fact = Told(fact, outsider)
	data, err := json.Marshal(fact)
	return fact.Kind() + " " + string(data), err
}
