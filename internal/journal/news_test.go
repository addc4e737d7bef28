package journal_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"podium/internal/db"
	"podium/internal/journal"
)

type arrived struct{ name string }

func (arrived) News() string { return "A name arrives." }

type departed struct{ name string }

func (departed) News() string { return "A name departs." }

// TestNewsIsToldInOrder checks that news goes to the subscribers of its type, in their order, and
// not beyond one that fails.
func TestNewsIsToldInOrder(t *testing.T) {
	t.Parallel()
	var log journal.Log
	if err := log.Tell(nil, arrived{"early"}); err != nil {
		t.Errorf("without subscribers: %v", err)
	}
	var heard []string
	refused := errors.New("refused")
	journal.On(&log, func(_ *db.Tx, n arrived) error {
		heard = append(heard, "first "+n.name)
		if n.name == "bad" {
			return refused
		}
		return nil
	})
	journal.On(&log, func(_ *db.Tx, n departed) error {
		heard = append(heard, "departed "+n.name)
		return nil
	})
	journal.On(&log, func(_ *db.Tx, n arrived) error {
		heard = append(heard, "second "+n.name)
		return nil
	})
	if err := errors.Join(log.Tell(nil, arrived{"good"}), log.Tell(nil, departed{"good"})); err != nil {
		t.Error(err)
	}
	if err := log.Tell(nil, arrived{"bad"}); err != refused {
		t.Errorf("a subscriber refused, and Tell returned %v", err)
	}
	want := []string{"first good", "second good", "departed good", "first bad"}
	if !slices.Equal(heard, want) {
		t.Errorf("heard %v, not %v", heard, want)
	}
	text := log.NewsText()
	if !strings.Contains(text, "| `journal_test.arrived` | A name arrives. | `journal_test.TestNewsIsToldInOrder") {
		t.Errorf("the text is %s", text)
	}
}
