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

// A search may begin in the middle of a word of a name or tag. So that creating a room does not
// insert a row for each ending of each word, Run inserts the endings of a word once for all rooms,
// soon after the word is new. Until then a search reads the word itself; there are few such words.

// HasEndings reports whether the middle of words in a field finds rooms.
func HasEndings(field string) bool { return field == NameField || field == TagField }

// endings returns the endings of a term, without the term itself.
func (t Term) endings() []Term {
	var list []Term
	for i := range t.Text {
		if i > 0 {
			list = append(list, Term{t.Text[i:], t.Field})
		}
	}
	return list
}

// withEndings returns all rows that rooms may have in room_terms for some terms: rooms of earlier
// versions have endings there.
func withEndings(terms []Term) []Term {
	all := slices.Clone(terms)
	for _, t := range terms {
		if HasEndings(t.Field) {
			all = append(all, t.endings()...)
		}
	}
	return all
}

// wordRows returns the rows of room_words for some terms.
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

// Anywhere returns a pattern for stored words that contain a term.
func Anywhere(t Term, company wire.CompanyID) string {
	t.Text = "%" + strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(t.Text) + "%"
	return t.Stored(company)
}

// newWords wakes Run, because there may be words without endings.
func (x *Index) newWords() {
	select {
	case x.named <- struct{}{}:
	default:
	}
}

// How long new words are gathered, and how many are settled in one short transaction.
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

// settle writes the endings of some new words, and returns how many words.
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

// byFirst orders rows by their first column, a text, which makes inserting into an index fastest.
func byFirst(a, b []any) int { return strings.Compare(a[0].(string), b[0].(string)) }
