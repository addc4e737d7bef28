package seal

import (
	"fmt"
	"math"

	"podium/internal/db"
	"podium/internal/journal"
	"podium/internal/wire"
)

// Report is the result of Verify if nothing is wrong.
type Report struct {
	Sealed      int64 // facts
	Unsealed    int64 // facts after them that are not sealed yet
	Checkpoints int64
	Newest      Hash

	indexed int64 // rows of the audit trail's index for the facts
}

// Broken is the first row that differs from what was written.
type Broken struct {
	Table  string         // facts, seals, checkpoints, audit_trail
	Number int64          // of its seal; 0 for a fact without one
	Cursor journal.Cursor // of the fact
	What   string         // what is wrong with it
}

func (b *Broken) Error() string {
	if b.Number == 0 {
		return fmt.Sprintf("%s: position %d, seq %d: %s", b.Table, b.Cursor.Position, b.Cursor.Seq, b.What)
	}
	return fmt.Sprintf("%s: number %d (position %d, seq %d): %s", b.Table, b.Number, b.Cursor.Position, b.Cursor.Seq, b.What)
}

// Verify walks the chain of a company from its beginning in pages, and then the index of the
// published audit trail. Anchors are checkpoints kept elsewhere: only they show that the end was
// cut off. The error is a *Broken, or that the database cannot be read.
func Verify(tx *db.Tx, company wire.CompanyID, keys Keys, anchors []Checkpoint) (Report, error) {
	report, err := walk(stored(tx, company), company, keys, anchors)
	if err != nil {
		return report, err
	}
	return report, verifyTrail(tx, company, report.indexed)
}

// source reads the three tables of a company in pages, each in its order.
type source struct {
	facts       func(after journal.Cursor, limit int) ([]journal.Raw, error)
	seals       func(after int64, limit int) ([]Seal, error)
	checkpoints func(after int64, limit int) ([]Checkpoint, error)
}

func stored(tx *db.Tx, company wire.CompanyID) source {
	return source{
		facts: func(after journal.Cursor, limit int) ([]journal.Raw, error) {
			return journal.Stored(tx, company, after, limit)
		},
		seals: func(after int64, limit int) ([]Seal, error) {
			return db.All(tx, scanSeal, selectSeals+` WHERE company = $1 AND number > $2 ORDER BY number LIMIT $3`, company, after, limit)
		},
		checkpoints: func(after int64, limit int) ([]Checkpoint, error) {
			return db.All(tx, scanCheckpoint, selectCheckpoints+` WHERE company = $1 AND number > $2 ORDER BY number LIMIT $3`, company, after, limit)
		},
	}
}

// walker walks along the chain.
type walker struct {
	company     wire.CompanyID
	keys        Keys
	anchors     map[int64]Checkpoint
	facts       *pages[journal.Raw]
	seals       *pages[Seal]
	checkpoints *pages[Checkpoint]
	last        Seal  // the newest valid seal
	checkpoint  int64 // the number of the newest valid checkpoint
	linker      linker
	report      Report

	// if set, called with facts between sealed ones that have no seal, which are skipped
	passedOver func(journal.Raw)
}

func newWalker(from source, company wire.CompanyID, keys Keys) *walker {
	return &walker{
		company: company, keys: keys, anchors: map[int64]Checkpoint{},
		facts:       newPages(func(f *journal.Raw, n int) ([]journal.Raw, error) { return from.facts(cursorOf(f), n) }),
		seals:       newPages(func(s *Seal, n int) ([]Seal, error) { return from.seals(numberOf(s), n) }),
		checkpoints: newPages(func(c *Checkpoint, n int) ([]Checkpoint, error) { return from.checkpoints(checkpointOf(c), n) }),
	}
}

func walk(from source, company wire.CompanyID, keys Keys, anchors []Checkpoint) (Report, error) {
	w := newWalker(from, company, keys)
	for _, a := range anchors {
		if err := a.Check(keys); err != nil || a.Company != company {
			return Report{}, fmt.Errorf("the checkpoint of number %d that was kept elsewhere is not one of company %d: %w", a.Number, company, err)
		}
		w.anchors[a.Number] = a
	}
	return w.all()
}

// all walks to the end.
func (w *walker) all() (Report, error) {
	for {
		s, err := w.seals.next()
		if err != nil {
			return w.report, err
		}
		if s == nil {
			return w.end()
		}
		if err := w.one(*s); err != nil {
			return w.report, err
		}
	}
}

// cursorOf returns where a page begins: after the last row of the previous page.
func cursorOf(f *journal.Raw) journal.Cursor {
	if f == nil {
		return journal.Cursor{Position: math.MinInt64, Seq: math.MinInt64}
	}
	return f.Cursor
}

func numberOf(s *Seal) int64 {
	if s == nil {
		return math.MinInt64
	}
	return s.Number
}

func checkpointOf(c *Checkpoint) int64 {
	if c == nil {
		return math.MinInt64
	}
	return c.Number
}

// one verifies a seal against its fact, and the checkpoint there against both.
func (w *walker) one(s Seal) error {
	number := w.last.Number + 1
	fact, err := w.facts.peek()
	for ; err == nil && w.passedOver != nil && fact != nil && fact.Cursor.Compare(s.Cursor) < 0; fact, err = w.facts.peek() {
		w.passedOver(*fact)
		w.facts.next()
	}
	if err != nil {
		return err
	}
	switch {
	case s.Number < number:
		return &Broken{"seals", s.Number, s.Cursor, "it was inserted: numbers begin at 1"}
	case s.Number > number:
		b := &Broken{"seals", number, journal.Cursor{}, "it was removed"}
		if fact != nil {
			b.Cursor = fact.Cursor
		}
		return b
	}
	// If the fact is right, the seal names another place.
	fits := fact != nil && w.linker.link(w.last.Hash, number, *fact) == s.Hash
	switch {
	case fits && fact.Cursor != s.Cursor:
		return &Broken{"seals", number, fact.Cursor, "it was altered: it names another place of its fact"}
	case fits:
	case fact != nil && fact.Cursor.Compare(s.Cursor) < 0:
		return &Broken{"facts", 0, fact.Cursor, "it was inserted, moved here, or passed over: no seal fits it (podium audit repair --dry-run tells more)"}
	case fact == nil || fact.Cursor != s.Cursor:
		return &Broken{"facts", number, s.Cursor, "it was removed, or moved elsewhere"}
	default:
		return w.altered(s, *fact)
	}
	w.report.indexed += int64(len(indexedBy(*fact)))
	w.facts.next()
	s.Cursor = fact.Cursor
	w.last = s
	if anchor, ok := w.anchors[number]; ok && (anchor.Hash != s.Hash || anchor.Cursor != s.Cursor) {
		return &Broken{"seals", number, s.Cursor, "the chain up to here is not the one of the checkpoint that was kept elsewhere"}
	}
	w.report.Sealed, w.report.Newest = number, s.Hash
	return w.signed(s)
}

// altered reports whether a fact or its seal was altered: the hash of the next fact continues from
// the genuine one.
func (w *walker) altered(s Seal, fact journal.Raw) error {
	computed := w.linker.link(w.last.Hash, s.Number, fact)
	next, err := w.seals.peek()
	if err != nil {
		return err
	}
	after, err := w.facts.peekBehind()
	if err != nil {
		return err
	}
	genuine := next != nil && after != nil && next.Number == s.Number+1 && next.Cursor == after.Cursor &&
		w.linker.link(computed, next.Number, *after) == next.Hash
	if c, err := w.checkpoints.peek(); err == nil && c != nil && c.Number == s.Number && c.Hash == computed && c.Check(w.keys) == nil {
		genuine = true
	}
	if genuine {
		return &Broken{"seals", s.Number, fact.Cursor, "it was altered: the fact and what follows fit each other without it"}
	}
	return &Broken{"facts", s.Number, fact.Cursor, "it was altered, or another was put in its place"}
}

// signed verifies the checkpoint with the number of the last seal, if there is one.
func (w *walker) signed(s Seal) error {
	c, err := w.checkpoints.peek()
	if err != nil || c == nil || c.Number > s.Number {
		return err
	}
	broken := func(what string) error { return &Broken{"checkpoints", c.Number, c.Cursor, what} }
	if err := c.Check(w.keys); err != nil {
		return broken("it was altered or inserted: " + err.Error())
	}
	switch {
	case c.Number < s.Number || c.Company != w.company:
		return broken("it was inserted")
	case c.Previous < w.checkpoint:
		return broken("it was inserted: the one it follows is not the one before it")
	case c.Previous > w.checkpoint:
		return &Broken{"checkpoints", c.Previous, journal.Cursor{}, "it was removed"}
	case c.Hash != s.Hash || c.Cursor != s.Cursor:
		return broken("it is signed, and says another hash: the chain up to here was made anew")
	}
	w.checkpoint = c.Number
	w.report.Checkpoints++
	w.checkpoints.next()
	return nil
}

// end checks what is left after the last seal.
func (w *walker) end() (Report, error) {
	if err := w.closed(); err != nil {
		return w.report, err
	}
	for {
		fact, err := w.facts.next()
		if err != nil || fact == nil {
			return w.report, err
		}
		w.report.Unsealed++
		w.report.indexed += int64(len(indexedBy(*fact)))
	}
}

// closed checks that the chain ends where the checkpoints say.
func (w *walker) closed() error {
	c, err := w.checkpoints.peek()
	if err != nil {
		return err
	}
	if c != nil {
		return &Broken{"seals", w.last.Number + 1, journal.Cursor{}, fmt.Sprintf("it was removed: a checkpoint says that there were %d", c.Number)}
	}
	if w.checkpoint != w.last.Number {
		return &Broken{"checkpoints", w.last.Number, w.last.Cursor, "it was removed: every batch of seals ends with one"}
	}
	for number := range w.anchors {
		if number > w.last.Number {
			return &Broken{"facts", w.last.Number + 1, journal.Cursor{}, fmt.Sprintf("it was removed with all behind it: a checkpoint that was kept elsewhere says that there were %d", number)}
		}
	}
	return nil
}
