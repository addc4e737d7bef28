package seal

import (
	"errors"

	"podium/internal/db"
	"podium/internal/journal"
	"podium/internal/wire"
)

// Part is the result of VerifyPart if nothing is wrong.
type Part struct {
	Report
	Head       int64      // the number of the newest seal
	Checkpoint Checkpoint // the newest one; the zero Checkpoint if there is none
	More       bool       // seals follow the part
}

// VerifyPart verifies up to limit seals of a company behind the seal number after, and the
// checkpoints among them. Report.Sealed is the number of the last seal verified. It costs the same
// however long the chain is: parts that follow each other verify all of it. Verify also checks the
// index of the audit trail. The error is a *Broken, ErrNoSeal, or that the database cannot be read.
func VerifyPart(tx *db.Tx, company wire.CompanyID, keys Keys, after int64, limit int) (Part, error) {
	newest, err := head(tx, company)
	if err != nil {
		return Part{}, err
	}
	part := Part{Head: newest.Number}
	if part.Checkpoint, err = Newest(tx, company); err != nil && !errors.Is(err, db.ErrNoRow) {
		return part, err
	}
	from := stored(tx, company)
	var begin Seal
	var checked int64
	if after > 0 {
		begin, err = db.One(tx, scanSeal, selectSeals+` WHERE company = $1 AND number = $2`, company, after)
		if errors.Is(err, db.ErrNoRow) {
			return part, ErrNoSeal
		}
		if err == nil {
			checked, err = db.Value[int64](tx, `
				SELECT coalesce(max(number), 0) FROM event_checkpoints WHERE company = $1 AND number <= $2`, company, after)
		}
		if err != nil {
			return part, err
		}
		from = from.behind(begin, checked)
	}
	w := newWalker(from, company, keys)
	w.last, w.checkpoint = begin, checked
	part.More, err = w.some(limit)
	part.Report = w.report
	part.Sealed = w.last.Number
	part.Newest = w.last.Hash
	return part, err
}

// ErrNoSeal reports that no seal has the number from which a part is to be verified.
var ErrNoSeal = errors.New("there is no seal of this number")

// behind returns the rows behind a seal and a checkpoint.
func (s source) behind(begin Seal, checkpoint int64) source {
	return source{
		facts: func(after journal.Cursor, limit int) ([]journal.Raw, error) {
			if after.Compare(begin.Cursor) < 0 {
				after = begin.Cursor
			}
			return s.facts(after, limit)
		},
		seals: func(after int64, limit int) ([]Seal, error) {
			return s.seals(max(after, begin.Number), limit)
		},
		checkpoints: func(after int64, limit int) ([]Checkpoint, error) {
			return s.checkpoints(max(after, checkpoint), limit)
		},
	}
}

// some walks over limit seals, and to the end if no more follow. It reports whether more follow.
func (w *walker) some(limit int) (more bool, err error) {
	for range limit {
		s, err := w.seals.next()
		if err != nil {
			return false, err
		}
		if s == nil {
			return false, w.ending(limit)
		}
		if err := w.one(*s); err != nil {
			return false, err
		}
	}
	s, err := w.seals.peek()
	if err != nil || s != nil {
		return s != nil, err
	}
	return false, w.ending(limit)
}

// ending checks the end of the chain, and counts up to limit facts that are not sealed.
func (w *walker) ending(limit int) error {
	if err := w.closed(); err != nil {
		return err
	}
	for range limit {
		fact, err := w.facts.next()
		if err != nil || fact == nil {
			return err
		}
		w.report.Unsealed++
	}
	return nil
}
