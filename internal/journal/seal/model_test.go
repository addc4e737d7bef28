package seal

import (
	"crypto/rand"
	"crypto/rsa"
	"errors"
	"fmt"
	mathrand "math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"

	"podium/internal/jose"
	"podium/internal/journal"
)

// ownKey is the key of all companies of these tests.
var ownKey = sync.OnceValue(func() *rsa.PrivateKey {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		panic(err)
	}
	return key
})

func ownKeys() Keys { return Keys{jose.Thumbprint(&ownKey().PublicKey): &ownKey().PublicKey} }

// tables holds a company's three tables in memory, for more alterations than a database could
// handle in time.
type tables struct {
	facts       []journal.Raw
	seals       []Seal
	checkpoints []Checkpoint
}

// sealed returns random facts, sealed in batches of several lengths. Their places have gaps, as
// those of a company among others have.
func sealed(t *testing.T, r *mathrand.Rand, facts int) tables {
	t.Helper()
	var all tables
	at := journal.Cursor{Position: 1000, Seq: 500}
	for i := range facts {
		if r.IntN(3) == 0 {
			at.Position += 1 + r.Int64N(5)
			at.Seq -= r.Int64N(3) // numbers are drawn in another order than transactions end
		}
		at.Seq += 1 + r.Int64N(3)
		all.facts = append(all.facts, journal.Raw{Cursor: at, Values: []any{
			at.Position, at.Seq, int64(7), "user.created", int64(1767366245000 + i), int64(7<<36 | 1), "admin", "admin@x.example", "",
			"INDIVIDUAL USER_PROVISIONING", fmt.Sprint(i), "jane", "jane@x.example", fmt.Sprintf(`{"n":%d}`, i), "USER_PROVISIONING",
		}})
	}
	slices.SortFunc(all.facts, func(a, b journal.Raw) int { return a.Compare(b.Cursor) })
	var last Seal
	previous := int64(0)
	for rest := all.facts; len(rest) > 0; {
		n := min(1+r.IntN(24), len(rest))
		batch := chain(last, rest[:n])
		rest = rest[n:]
		last = batch[n-1]
		c := Checkpoint{Company: 7, Number: last.Number, Previous: previous, Cursor: last.Cursor, Hash: last.Hash, At: 1767366245000}
		if err := c.sign(ownKey()); err != nil {
			t.Fatal(err)
		}
		previous = c.Number
		all.seals, all.checkpoints = append(all.seals, batch...), append(all.checkpoints, c)
	}
	return all
}

func (x tables) source() source {
	return source{
		facts: func(after journal.Cursor, limit int) ([]journal.Raw, error) {
			return behind(x.facts, func(f journal.Raw) bool { return f.Compare(after) > 0 }, limit), nil
		},
		seals: func(after int64, limit int) ([]Seal, error) {
			return behind(x.seals, func(s Seal) bool { return s.Number > after }, limit), nil
		},
		checkpoints: func(after int64, limit int) ([]Checkpoint, error) {
			return behind(x.checkpoints, func(c Checkpoint) bool { return c.Number > after }, limit), nil
		},
	}
}

func behind[T any](rows []T, is func(T) bool, limit int) []T {
	for i, row := range rows {
		if is(row) {
			return slices.Clone(rows[i:min(i+limit, len(rows))])
		}
	}
	return nil
}

// TestEveryAlterationIsFound makes 10,000 random alterations of sealed rows: each is found at the
// altered row.
func TestEveryAlterationIsFound(t *testing.T) {
	t.Parallel()
	r := mathrand.New(mathrand.NewPCG(1, 2))
	whole := sealed(t, r, 60)
	if report, err := walk(whole.source(), 7, ownKeys(), nil); err != nil || report.Sealed != 60 || report.Unsealed != 0 {
		t.Fatalf("%+v, %v", report, err)
	}
	made := map[string]int{}
	for range 10_000 {
		x := tables{slices.Clone(whole.facts), slices.Clone(whole.seals), slices.Clone(whole.checkpoints)}
		kind := alterations[r.IntN(len(alterations))]
		want := kind.make(&x, r)
		made[kind.name]++
		_, err := walk(x.source(), 7, ownKeys(), nil)
		var broken *Broken
		if !errors.As(err, &broken) {
			t.Fatalf("%s: not found (%v), at %s", kind.name, err, want)
		}
		if got := broken.row(); got != want {
			t.Fatalf("%s: found at %s (%v), made at %s", kind.name, got, err, want)
		}
	}
	t.Logf("10,000 alterations, all found where they were made: %v", made)
}

// row names a row: a fact by its place, the others by their number.
func (b *Broken) row() string {
	if b.Table == "facts" {
		return place(b.Cursor)
	}
	return fmt.Sprintf("%s %d", b.Table, b.Number)
}

func place(c journal.Cursor) string { return fmt.Sprintf("facts (%d, %d)", c.Position, c.Seq) }

// alterations lists functions that change the tables and return the first row that differs from
// what was sealed.
var alterations = []struct {
	name string
	make func(*tables, *mathrand.Rand) string
}{
	{"a bit of a fact", func(x *tables, r *mathrand.Rand) string {
		i := r.IntN(len(x.facts))
		f := journal.Raw{Cursor: x.facts[i].Cursor, Values: slices.Clone(x.facts[i].Values)}
		column := 3 + r.IntN(len(f.Values)-3) // changing its place or company would move it
		f.Values[column] = flipped(f.Values[column], r)
		x.facts[i] = f
		return place(f.Cursor)
	}},
	{"a fact removed", func(x *tables, r *mathrand.Rand) string {
		i := r.IntN(len(x.facts))
		at := x.facts[i].Cursor
		x.facts = slices.Delete(x.facts, i, i+1)
		return place(at)
	}},
	{"a fact moved", func(x *tables, r *mathrand.Rand) string {
		i := r.IntN(len(x.facts))
		from := x.facts[i]
		to := journal.Raw{Cursor: from.Cursor, Values: slices.Clone(from.Values)}
		column := r.IntN(2)
		for taken := true; taken; {
			to.Values[column] = flipped(from.Values[column], r)
			to.Position, to.Seq = to.Values[0].(int64), to.Values[1].(int64)
			taken = slices.ContainsFunc(x.facts, func(f journal.Raw) bool { return f.Cursor == to.Cursor })
		}
		x.facts[i] = to
		slices.SortFunc(x.facts, func(a, b journal.Raw) int { return a.Compare(b.Cursor) })
		if to.Compare(from.Cursor) < 0 {
			return place(to.Cursor)
		}
		return place(from.Cursor)
	}},
	{"two facts swapped", func(x *tables, r *mathrand.Rand) string {
		i, j := pair(len(x.facts), r)
		a, b := x.facts[i], x.facts[j]
		swap := func(at, with journal.Raw) journal.Raw {
			return journal.Raw{Cursor: at.Cursor, Values: append([]any{at.Position, at.Seq}, with.Values[2:]...)}
		}
		x.facts[i], x.facts[j] = swap(a, b), swap(b, a)
		return place(a.Cursor)
	}},
	{"a fact inserted", func(x *tables, r *mathrand.Rand) string {
		like := x.facts[r.IntN(len(x.facts))]
		added := journal.Raw{Values: slices.Clone(like.Values)}
		last := x.facts[len(x.facts)-1].Cursor
		for taken := true; taken; { // anywhere before the last, at an unused place
			added.Position, added.Seq = r.Int64N(last.Position)+1, r.Int64N(2000)
			taken = added.Compare(last) > 0 || slices.ContainsFunc(x.facts, func(f journal.Raw) bool { return f.Cursor == added.Cursor })
		}
		added.Values[0], added.Values[1] = added.Position, added.Seq
		x.facts = append(x.facts, added)
		slices.SortFunc(x.facts, func(a, b journal.Raw) int { return a.Compare(b.Cursor) })
		return place(added.Cursor)
	}},
	{"the facts' tail cut", func(x *tables, r *mathrand.Rand) string {
		i := r.IntN(len(x.facts))
		at := x.facts[i].Cursor
		x.facts = x.facts[:i]
		return place(at)
	}},
	{"a bit of a seal", func(x *tables, r *mathrand.Rand) string {
		i := r.IntN(len(x.seals))
		s := &x.seals[i]
		switch r.IntN(3) {
		case 0:
			s.Hash[r.IntN(len(s.Hash))] ^= 1 << r.IntN(8)
		case 1:
			s.Position ^= 1 << r.IntN(40)
		case 2:
			s.Seq ^= 1 << r.IntN(40)
		}
		return fmt.Sprint("seals ", i+1)
	}},
	{"a seal removed", func(x *tables, r *mathrand.Rand) string {
		i := r.IntN(len(x.seals))
		x.seals = slices.Delete(x.seals, i, i+1)
		return fmt.Sprint("seals ", i+1)
	}},
	{"two seals swapped", func(x *tables, r *mathrand.Rand) string {
		i, j := pair(len(x.seals), r)
		x.seals[i].Cursor, x.seals[j].Cursor = x.seals[j].Cursor, x.seals[i].Cursor
		x.seals[i].Hash, x.seals[j].Hash = x.seals[j].Hash, x.seals[i].Hash
		return place(x.facts[i].Cursor) // it is before the place that its seal now names
	}},
	{"the seals' tail cut", func(x *tables, r *mathrand.Rand) string {
		i := r.IntN(len(x.seals))
		x.seals = x.seals[:i]
		return fmt.Sprint("seals ", i+1)
	}},
	{"facts' and seals' tail cut", func(x *tables, r *mathrand.Rand) string {
		i := r.IntN(len(x.seals))
		x.seals, x.facts = x.seals[:i], x.facts[:i]
		return fmt.Sprint("seals ", i+1)
	}},
	{"a bit of a checkpoint", func(x *tables, r *mathrand.Rand) string {
		i := r.IntN(len(x.checkpoints))
		c := &x.checkpoints[i]
		switch r.IntN(7) {
		case 0:
			c.Hash[r.IntN(len(c.Hash))] ^= 1 << r.IntN(8)
		case 1:
			c.Position ^= 1 << r.IntN(40)
		case 2:
			c.Seq ^= 1 << r.IntN(40)
		case 3:
			c.At ^= 1 << r.IntN(40)
		case 4:
			c.KeyID = flipped(c.KeyID, r).(string)
		case 5:
			c.Signature = flipped(c.Signature, r).(string)
		case 6:
			c.Previous ^= 1 << r.IntN(40)
		}
		return fmt.Sprint("checkpoints ", c.Number)
	}},
	{"a checkpoint removed", func(x *tables, r *mathrand.Rand) string {
		i := r.IntN(len(x.checkpoints))
		number := x.checkpoints[i].Number
		x.checkpoints = slices.Delete(x.checkpoints, i, i+1)
		if i == len(x.checkpoints) { // the last: the end of the chain should have one
			return fmt.Sprint("checkpoints ", len(x.seals))
		}
		return fmt.Sprint("checkpoints ", number)
	}},
}

func pair(n int, r *mathrand.Rand) (int, int) {
	i := r.IntN(n - 1)
	return i, i + 1 + r.IntN(n-1-i)
}

// flipped returns a value with one bit changed; an empty text gets a character.
func flipped(value any, r *mathrand.Rand) any {
	switch v := value.(type) {
	case int64:
		return v ^ 1<<r.IntN(63)
	case string:
		if v == "" {
			return "x"
		}
		i := r.IntN(len(v))
		return v[:i] + string([]byte{v[i] ^ 1<<r.IntN(8)}) + v[i+1:]
	}
	panic("a value of another type")
}

// TestAnchors checks what only checkpoints kept elsewhere show: that the end was cut off at a
// checkpoint, and that the holder of the key replaced the whole chain.
func TestAnchors(t *testing.T) {
	t.Parallel()
	r := mathrand.New(mathrand.NewPCG(3, 4))
	whole := sealed(t, r, 200)
	anchors := []Checkpoint{whole.checkpoints[len(whole.checkpoints)/2], whole.checkpoints[len(whole.checkpoints)-1]}
	if _, err := walk(whole.source(), 7, ownKeys(), anchors); err != nil {
		t.Fatal(err)
	}
	cut := whole
	at := cut.checkpoints[3]
	cut.checkpoints, cut.seals, cut.facts = cut.checkpoints[:4], cut.seals[:at.Number], cut.facts[:at.Number]
	if _, err := walk(cut.source(), 7, ownKeys(), nil); err != nil {
		t.Fatalf("without an anchor a clean cut cannot be seen, and yet: %v", err)
	}
	for _, c := range []struct {
		name    string
		tables  tables
		anchors []Checkpoint
		want    string
	}{
		{"everything cut at a checkpoint", cut, anchors, fmt.Sprintf("number %d", at.Number+1)},
		{"another chain", sealed(t, r, 200), anchors, fmt.Sprintf("number %d", anchors[0].Number)},
		{"an anchor of another key", whole, []Checkpoint{forged(anchors[0])}, "kept elsewhere is not one of company 7"},
	} {
		_, err := walk(c.tables.source(), 7, ownKeys(), c.anchors)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, not %q", c.name, err, c.want)
		}
	}
}

func forged(c Checkpoint) Checkpoint {
	c.Number++
	return c
}

// TestCheckpointOnALine checks that a checkpoint is unchanged after formatting and parsing.
func TestCheckpointOnALine(t *testing.T) {
	t.Parallel()
	whole := sealed(t, mathrand.New(mathrand.NewPCG(5, 6)), 10)
	c := whole.checkpoints[0]
	again, err := ParseCheckpoint([]byte(c.String()))
	if err != nil || again != c || again.Check(ownKeys()) != nil {
		t.Errorf("%v, %v", again, err)
	}
	for _, line := range []string{"", "{}", `{"number":1}`, strings.Replace(c.String(), `"hash":"`, `"hash":"x`, 1)} {
		if _, err := ParseCheckpoint([]byte(line)); err == nil {
			t.Errorf("%q passes for a checkpoint", line)
		}
	}
	if err := c.Check(Keys{}); err == nil {
		t.Error("it is good for a company without that key")
	}
}
