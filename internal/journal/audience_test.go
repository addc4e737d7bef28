package journal_test

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"podium/internal/auth"
	"podium/internal/db"
	"podium/internal/db/dbtest"
	"podium/internal/journal"
	"podium/internal/wire"
)

// said is a fact about a stream of several companies. Each company has an address that the others
// must not learn.
type said struct {
	N         int                       `json:"n"`
	Companies []wire.CompanyID          `json:"companies"`
	Addresses map[wire.CompanyID]string `json:"addresses"`
	Actor     journal.Actor             `json:"actor"`
}

func (said) Kind() string { return "stream.said" }

func (s said) Audience() journal.Audience {
	return journal.InStream(s.Companies, s.Actor, func(company wire.CompanyID) journal.Fact {
		own := map[wire.CompanyID]string{}
		for c, address := range s.Addresses {
			if own[c] = ""; c == company {
				own[c] = address
			}
		}
		s.Addresses = own
		return s
	})
}

func (said) AuditLine(journal.Entry) journal.Line { return journal.Action("said", "Said") }

// TestAudienceLikeAModel compares the log with a model. Each company of a fact's audience reads it
// once, in its own log and in the stream, and no other company does. A company learns no address,
// role or application of another. Facts that an older version recorded for one company only are
// recorded for the others, once.
func TestAudienceLikeAModel(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, kind dbtest.Kind) {
		d := dbtest.Open(t, kind)
		kinds, err := journal.NewKinds(said{}, numbered{})
		if err != nil {
			t.Fatal(err)
		}
		try := wire.CompanyID(0)
		rapid.Check(t, func(t *rapid.T) {
			try += 10
			m := audienceModel{d: d, log: journal.Log{Kinds: kinds, Allowed: allowAll}, first: try, want: map[string][]int{}}
			for range rapid.IntRange(1, 3).Draw(t, "rounds") {
				for range rapid.IntRange(0, 5).Draw(t, "facts") {
					m.record(t)
				}
				if rapid.Bool().Draw(t, "tell") {
					m.tell(t)
				}
				m.check(t)
			}
		})
	})
}

func allowAll(auth.Grant, journal.Subject, journal.Fact) []auth.Role { return []auth.Role{"A"} }

type audienceModel struct {
	d     *db.DB
	log   journal.Log
	first wire.CompanyID
	n     int
	want  map[string][]int // by company and stream
}

func (m *audienceModel) company(t *rapid.T, name string) wire.CompanyID {
	return m.first + wire.CompanyID(rapid.IntRange(0, 3).Draw(t, name))
}

func (m *audienceModel) record(t *rapid.T) {
	m.n++
	actor := m.company(t, "actor")
	others := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) wire.CompanyID { return m.company(t, "company") }), 0, 4).Draw(t, "companies")
	stream := rapid.SampledFrom([]string{"s", "t"}).Draw(t, "stream") + m.first.String()
	fact := said{N: m.n, Companies: others, Addresses: map[wire.CompanyID]string{}, Actor: rapid.SampledFrom([]journal.Actor{0, 1, 2}).Draw(t, "who")}
	concerned := slices.Compact(slices.Sorted(slices.Values(append(slices.Clone(others), actor))))
	for _, c := range concerned {
		fact.Addresses[c] = address(c)
	}
	older := rapid.Bool().Draw(t, "older")
	caller := auth.Caller{Company: actor, User: wire.UserID(actor)<<36 | 1, Username: "name" + actor.String(), Email: address(actor), App: address(actor), Roles: []auth.Role{auth.Role(address(actor))}}
	_, err := db.Write(context.Background(), m.d, func(tx *db.Tx) (struct{}, error) {
		if err := m.log.Record(tx, caller, journal.Thing(stream), fact); err != nil || !older {
			return struct{}{}, err
		}
		// the older version has one row, with all that it knows
		for _, table := range []string{"audit_trail", "events"} {
			err := tx.Exec(`DELETE FROM `+table+` WHERE company <> $1 AND company BETWEEN $2 AND $3 AND (position, seq) IN (
				SELECT position, seq FROM events WHERE kind = 'stream.said' AND data LIKE '{"n":'||$4||',%')`, actor, m.first, m.first+3, strconv.Itoa(m.n))
			if err != nil {
				return struct{}{}, err
			}
		}
		whole, err := json.Marshal(fact)
		if err != nil {
			return struct{}{}, err
		}
		return struct{}{}, tx.Exec(`UPDATE events SET data = $3 WHERE company = $1 AND data LIKE '{"n":'||$2||',%'`, actor, strconv.Itoa(m.n), string(whole))
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range concerned {
		if c == actor || !older {
			m.want[key(c, stream)] = append(m.want[key(c, stream)], m.n)
		} else {
			m.want["late"+key(c, stream)] = append(m.want["late"+key(c, stream)], m.n)
		}
	}
}

func address(c wire.CompanyID) string { return "mail" + c.String() + "@" }

func key(c wire.CompanyID, stream string) string { return c.String() + " " + stream }

func (m *audienceModel) tell(t *rapid.T) {
	settle(t, m.d)
	if _, err := m.log.TellAll(context.Background(), m.d); err != nil {
		t.Fatal(err)
	}
	for k, late := range m.want {
		if told, ok := strings.CutPrefix(k, "late"); ok {
			m.want[told] = append(m.want[told], late...)
			delete(m.want, k)
		}
	}
}

func (m *audienceModel) check(t *rapid.T) {
	settle(t, m.d)
	for c := m.first; c < m.first+4; c++ {
		all := 0
		for _, stream := range []string{"s" + m.first.String(), "t" + m.first.String()} {
			want := slices.Sorted(slices.Values(m.want[key(c, stream)]))
			all += len(want)
			var got []int
			var last journal.Cursor
			for {
				page := m.read(t, func(tx *db.Tx) ([]journal.Entry, error) { return journal.AfterInStream(tx, c, stream, last, 3) })
				for _, e := range page {
					last = e.Cursor
					got = append(got, m.look(t, c, stream, e))
				}
				if len(page) == 0 {
					break
				}
			}
			if slices.Sort(got); !slices.Equal(got, want) {
				t.Fatalf("company %d reads %v of stream %s, not %v", c, got, stream, want)
			}
		}
		if page := m.read(t, func(tx *db.Tx) ([]journal.Entry, error) { return journal.After(tx, c, journal.Cursor{}, 1000) }); len(page) != all {
			t.Fatalf("company %d reads %d facts in its log, not %d", c, len(page), all)
		}
		trail := m.read(t, func(tx *db.Tx) ([]journal.Entry, error) {
			return journal.Trail(tx, journal.Audited{Company: c, To: 1 << 60}, 0, 1000)
		})
		if len(trail) != all {
			t.Fatalf("company %d sees %d facts in its audit trail, not %d", c, len(trail), all)
		}
	}
}

func (m *audienceModel) look(t *rapid.T, c wire.CompanyID, stream string, e journal.Entry) int {
	var fact said
	if err := json.Unmarshal([]byte(e.Data), &fact); err != nil {
		t.Fatal(err)
	}
	if e.Stream() != stream || e.Company != c || e.At == 0 {
		t.Fatalf("%+v", e)
	}
	own := e.Actor.Company() == c
	for other := m.first; other < m.first+4; other++ {
		if other != c && !own && strings.Contains(fmt.Sprintf("%+v", e), address(other)) {
			t.Fatalf("company %d learns an address of company %d: %+v", c, other, e)
		}
	}
	if known := map[journal.Actor]bool{journal.ActorNamed: e.Name != "" && e.Actor != 0, journal.ActorByID: e.Name == "" && e.Actor != 0, journal.ActorHidden: e.Actor == 0 && e.Name == ""}; !own && !known[fact.Actor] {
		t.Fatalf("company %d learns of the actor %d %q", c, e.Actor, e.Name)
	}
	return fact.N
}

func (m *audienceModel) read(t *rapid.T, fn func(tx *db.Tx) ([]journal.Entry, error)) []journal.Entry {
	list, err := db.Read(context.Background(), m.d, fn)
	if err != nil {
		t.Fatal(err)
	}
	return list
}

// TestFactsThatAreNotListed checks that a fact that could not be decoded is not recorded, nor one
// about a stream whose kind has the wrong prefix.
func TestFactsThatAreNotListed(t *testing.T) {
	t.Parallel()
	d := dbtest.Open(t, dbtest.SQLite)
	kinds, err := journal.NewKinds(said{}, misnamed{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := journal.NewKinds(said{}, said{}); err == nil {
		t.Error("a duplicate kind is accepted")
	}
	log := journal.Log{Kinds: kinds}
	for _, fact := range []journal.Fact{numbered{1}, misnamed{}} {
		_, err := db.Write(context.Background(), d, func(tx *db.Tx) (struct{}, error) {
			return struct{}{}, log.Record(tx, caller, journal.Thing("x"), fact)
		})
		if err == nil {
			t.Errorf("%T was recorded", fact)
		}
	}
}

type misnamed struct{}

func (misnamed) Kind() string                         { return "test.misnamed" }
func (misnamed) Audience() journal.Audience           { return journal.InStream(nil, 0, nil) }
func (misnamed) AuditLine(journal.Entry) journal.Line { return journal.Unaudited("It is a test's.") }
