package lock_test

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"podium/internal/db/lock"
)

// TestOrderIsDocumented checks that docs/locks.md lists the order of the kinds.
func TestOrderIsDocumented(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../../../docs/locks.md")
	if err != nil {
		t.Fatal(err)
	}
	var want strings.Builder
	for i, k := range lock.Kinds() {
		if k.String() == "" {
			t.Errorf("kind %d has no name", k)
		}
		fmt.Fprintf(&want, "%d. %s\n", i+1, k)
	}
	if !strings.Contains(string(text), "\n\n"+want.String()+"\n") {
		t.Errorf("docs/locks.md does not list:\n%s", want.String())
	}
}

// TestHeldChecksTheOrder checks at which call a transaction breaks the order.
func TestHeldChecksTheOrder(t *testing.T) {
	t.Parallel()
	a, b := lock.User(1), lock.User(2)
	room, list := lock.Stream("a"), lock.DistributionList(3)
	for _, c := range []struct {
		name  string
		calls [][]lock.Key
		wrong int // the number of the call, from 1; 0: none
	}{
		{"by kinds", [][]lock.Key{{list}, {a, b}, {room}}, 0},
		{"several kinds in one call, in any order", [][]lock.Key{{room, a, list}}, 0},
		{"what is held already", [][]lock.Key{{a}, {room}, {a}, {room, a}}, 0},
		{"one kind in two calls", [][]lock.Key{{a}, {b}}, 2},
		{"one kind in two calls, beside a higher one", [][]lock.Key{{a}, {room, b}}, 2},
		{"a lower kind", [][]lock.Key{{room}, {a}}, 2},
		{"a lower kind beside what is held", [][]lock.Key{{a, room}, {a, list}}, 2},
	} {
		var held lock.Held
		wrong := 0
		for i, keys := range c.calls {
			if _, err := held.Take(keys); err != nil && wrong == 0 {
				wrong = i + 1
			}
		}
		if wrong != c.wrong {
			t.Errorf("%s: call %d is refused, not %d", c.name, wrong, c.wrong)
		}
	}
}
