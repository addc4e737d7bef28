package barriers

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"podium/internal/wire"
)

// anyUser is a generator of users of the company, with ids near to or far from each other.
var anyUser = rapid.Custom(func(t *rapid.T) wire.UserID {
	return wire.NewUserID(190, rapid.OneOf(rapid.Int64Range(1, 50), rapid.Int64Range(1, wire.MaxSequence)).Draw(t, "number"))
})

func packedOf(ids []wire.UserID) (p packed) {
	for _, id := range ids {
		p.add(id)
	}
	return p
}

// TestPackedLikeASet checks that packed returns, and marks contain, exactly the accounts that were
// added.
func TestPackedLikeASet(t *testing.T) {
	if testing.Short() {
		t.Skip("slow: make test runs it")
	}
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		groups, set := map[int64]packed{}, map[wire.UserID]bool{}
		for number, ids := range rapid.MapOf(rapid.Int64Range(1, 9), rapid.SliceOfDistinct(anyUser, rapid.ID)).Draw(t, "groups") {
			slices.Sort(ids)
			groups[number] = packedOf(ids)
			var out []wire.UserID
			groups[number].each(func(id wire.UserID) { out = append(out, id) })
			if !slices.Equal(out, ids) {
				t.Fatalf("%v came out of %v", out, ids)
			}
			for _, id := range ids {
				set[id] = true
			}
		}
		but := anyUser.Draw(t, "but")
		m := marksOf(groups)
		m.clear(but)
		if m.marked == nil {
			first, last := span(groups)
			if len(set) > 0 && last-first < maxMarks {
				t.Fatalf("no marks of %v", set)
			}
			return
		}
		delete(set, but)
		n := 0
		for i, mark := range m.marked {
			if mark == 0 {
				continue
			}
			n++
			if id := m.first + wire.UserID(i); !set[id] {
				t.Fatalf("%d is marked", id)
			}
		}
		if n != len(set) {
			t.Fatalf("%d are marked of %v", n, set)
		}
	})
}

// TestPackedIsSmall checks that a large group takes a byte for each member if every hundredth
// account of the company is one.
func TestPackedIsSmall(t *testing.T) {
	t.Parallel()
	var ids []wire.UserID
	for i := range int64(10_000) {
		ids = append(ids, wire.NewUserID(190, 1+100*i))
	}
	if p := packedOf(ids); len(p.steps) != 9_999 || p.size() > 20_000 {
		t.Errorf("%d bytes, %d with what is spare", len(p.steps), p.size())
	}
}
