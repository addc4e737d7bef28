package roomindex

import (
	"context"
	"slices"
	"strings"
	"time"

	"podium/internal/db"
	"podium/internal/db/lock"
	"podium/internal/wire"
)

// A search may begin in the middle of a word of a name or of a tag. So that the creation of a room does not write a
// row for each ending of each of its words, the endings of a word are written once, for all rooms that it stands
// in, by Run, soon after the word came; until then a search looks at the word itself, of which there are few.

// HasEndings tells whether what stands in a field is found by the middle of its words.
func HasEndings(field string) bool { return field == NameField || field == TagField }

// endings is what a term ends in, but for itself.
func (t Term) endings() []Term {
	var list []Term
	for i := range t.Text {
		if i > 0 {
			list = append(list, Term{t.Text[i:], t.Field})
		}
	}
	return list
}

// withEndings is all that rooms may have in room_terms for some terms: those of earlier versions have endings there.
func withEndings(terms []Term) []Term {
	all := slices.Clone(terms)
	for _, t := range terms {
		if HasEndings(t.Field) {
			all = append(all, t.endings()...)
		}
	}
	return all
}

// wordRows is the rows of room_words for some terms.
func wordRows(company wire.CompanyID, terms []Term) [][]any {
	var rows [][]any
	for _, t := range terms {
		if HasEndings(t.Field) {
			rows = append(rows, []any{t.Stored(company), false})
		}
	}
	return rows
}

func insertWords(tx *db.Tx, rows [][]any) error {
	return tx.QueueAll(`INSERT INTO room_words (word, settled) VALUES`, rows, "ON CONFLICT (word) DO NOTHING", nil)
}

// Anywhere is a pattern for stored words that have a term anywhere.
func Anywhere(t Term, company wire.CompanyID) string {
	t.Text = "%" + strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(t.Text) + "%"
	return t.Stored(company)
}

// newWords tells Run that there may be words without endings.
func (x *Index) newWords() {
	select {
	case x.named <- struct{}{}:
	default:
	}
}

// How long new words are gathered, and how many are settled in one transaction: few, so that nobody waits for it.
const (
	settleAfter = 500 * time.Millisecond
	settleBatch = 200
)

// Run writes the endings of new words, until ctx ends.
func (x *Index) Run(ctx context.Context) {
	for {
		for more := true; more; {
			n, err := db.Write(ctx, x.db, settle)
			if err != nil && ctx.Err() == nil {
				x.log.Warn("the endings of new words in names of rooms are not written; searches read the words until then", "error", err)
			}
			more = err == nil && n == settleBatch
		}
		select {
		case <-x.named:
		case <-ctx.Done():
			return
		}
		select {
		case <-time.After(settleAfter):
		case <-ctx.Done():
			return
		}
	}
}

// settleAll writes the endings of all new words.
func settleAll(tx *db.Tx) error {
	for {
		if n, err := settle(tx); err != nil || n < settleBatch {
			return err
		}
	}
}

// settle writes the endings of some new words, and tells of how many.
func settle(tx *db.Tx) (int, error) {
	if err := tx.Lock(lock.AllRoomWords()); err != nil {
		return 0, err
	}
	list, err := db.All(tx, db.ScanValue[string], `SELECT word FROM room_words WHERE NOT settled ORDER BY word LIMIT $1`, settleBatch)
	if err != nil || len(list) == 0 {
		return 0, err
	}
	var rows [][]any
	for _, word := range list {
		place, text, _ := strings.Cut(word, ":")
		for _, ending := range (Term{Text: text}).endings() {
			rows = append(rows, []any{place + ":" + ending.Text, word})
		}
	}
	slices.SortFunc(rows, byFirst)
	if err := tx.InsertAll(`INSERT INTO room_endings (ending, word) VALUES`, rows, "ON CONFLICT (ending, word) DO NOTHING"); err != nil {
		return 0, err
	}
	return len(list), tx.Exec(`UPDATE room_words SET settled = TRUE WHERE word IN ($1)`, list)
}

// byFirst puts rows into the order of their first column, a text, in which an index takes them best.
func byFirst(a, b []any) int { return strings.Compare(a[0].(string), b[0].(string)) }
