package directory_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"podium/internal/auth"
	"podium/internal/db"
	"podium/internal/pod/accounts"
	"podium/internal/pod/accounts/features"
	"podium/internal/pod/barriers"
	"podium/internal/wire"
	"podium/podtest"
)

// TestSearchModel creates, renames, disables and enables accounts, and changes their features and
// barriers. Every search of Alice's finds what a plain scan of the model finds, on every page, with
// each kind of barrier condition.
func TestSearchModel(t *testing.T) {
	if testing.Short() {
		t.Skip("slow: make test runs it")
	}
	podtest.Each(t, func(t *testing.T, p *podtest.Pod) {
		alice := p.User("alice")
		m := &model{p: p, alice: alice, open: map[wire.UserID]bool{}, group: wall(t, p, alice)}
		planted := everybody(t, p)
		for _, u := range planted {
			m.open[u.ID] = true
		}
		rapid.Check(t, func(t *rapid.T) {
			m.begin(t, planted)
			t.Repeat(map[string]func(*rapid.T){
				"create": m.create, "change": m.change, "status": m.status, "feature": m.feature, "wall": m.wall, "search": m.search, "": func(*rapid.T) {},
			})
		})
	})
}

type model struct {
	p     *podtest.Pod
	alice *podtest.User
	all   []accounts.User // the pod's initial accounts, then those created
	old   int             // how many of them are initial
	open  map[wire.UserID]bool
	made  int // for unique names

	group  string               // from whose members Alice is separated
	hidden map[wire.UserID]bool // its members
}

// wall puts Alice into a barrier group, and creates another from which she is separated.
func wall(t testing.TB, p *podtest.Pod, alice *podtest.User) (other string) {
	t.Helper()
	caller := auth.Caller{Company: 190}
	_, err := db.Write(context.Background(), p.Inner.DB, func(tx *db.Tx) (none struct{}, err error) {
		policy := barriers.Policy{Type: barriers.Block, Active: true}
		for _, name := range []string{"Alice and others", "Kept apart from Alice"} {
			g, err := p.Inner.Barriers.CreateGroup(tx, caller, name)
			if err != nil {
				return none, err
			}
			policy.Groups = append(policy.Groups, g.ID)
		}
		other = policy.Groups[1]
		if _, err := p.Inner.Barriers.Add(tx, caller, policy.Groups[0], []wire.UserID{wire.UserID(alice.ID)}); err != nil {
			return none, err
		}
		_, err = p.Inner.Barriers.CreatePolicy(tx, caller, policy)
		return none, err
	})
	if err != nil {
		t.Fatal(err)
	}
	return other
}

// wall adds an account of Alice's company, maybe her own, to the other group, or removes it.
func (m *model) wall(t *rapid.T) {
	u := rapid.SampledFrom(m.all).Filter(func(u accounts.User) bool { return u.Company == 190 && u.AccountType != auth.SDL }).Draw(t, "who")
	if rapid.IntRange(0, 3).Draw(t, "herself") == 0 {
		u.ID = wire.UserID(m.alice.ID)
	}
	m.move(t, u.ID)
}

// move toggles whether an account is hidden.
func (m *model) move(t *rapid.T, id wire.UserID) {
	change := m.p.Inner.Barriers.Add
	if m.hidden[id] {
		change = m.p.Inner.Barriers.Remove
	}
	m.write(t, func(tx *db.Tx) error {
		r, err := change(tx, auth.Caller{Company: 190}, m.group, []wire.UserID{id})
		if err == nil && r.Overall != barriers.Success {
			err = errors.New(r.Results[0])
		}
		return err
	})
	m.hidden[id] = !m.hidden[id]
}

// begin disables all accounts of earlier runs, so that no search finds them, and hides none.
func (m *model) begin(t *rapid.T, planted []accounts.User) {
	for id, hidden := range m.hidden {
		if hidden {
			m.move(t, id)
		}
	}
	m.hidden = map[wire.UserID]bool{}
	for i := range m.all[m.old:] {
		m.set(t, &m.all[m.old+i], accounts.Disabled)
	}
	m.all, m.old = slices.Clone(planted), len(planted)
}

var (
	someWords   = rapid.SampledFrom([]string{"an", "ann", "anna", "Anna-Lena", "ANNE", "bo", "Bob", "Žofia", "zofia", "Ω", "ωμέγα", "山田", "山", "o'neil", "x"})
	somePlaces  = rapid.SampledFrom([]string{"", "London", "LONDON City", "Łódź", "New York"})
	someMarkets = rapid.SampledFrom([][]string{nil, {"EMEA"}, {"LATAM", "EMEA"}, {"a,b"}})
	companies   = rapid.SampledFrom([]wire.CompanyID{190, 190, 190, 191})
)

func attributes(t *rapid.T, n int, company wire.CompanyID) accounts.Attributes {
	name := someWords.Draw(t, "first") + " " + someWords.Draw(t, "last")
	return accounts.Attributes{
		AccountType: rapid.SampledFrom([]auth.AccountType{auth.Normal, auth.Normal, auth.System}).Draw(t, "type"),
		Username:    fmt.Sprintf("%s %d", someWords.Draw(t, "username"), n), Email: fmt.Sprintf("%s%d@%d.example", someWords.Draw(t, "mail"), n, company),
		DisplayName: name, FirstName: someWords.Draw(t, "given"), LastName: someWords.Draw(t, "family"),
		CompanyName: company.String(), Location: somePlaces.Draw(t, "location"), Title: somePlaces.Draw(t, "title"), MarketCoverage: someMarkets.Draw(t, "market"),
	}
}

func (m *model) write(t *rapid.T, fn func(tx *db.Tx) error) {
	if _, err := db.Write(context.Background(), m.p.Inner.DB, func(tx *db.Tx) (struct{}, error) { return struct{}{}, fn(tx) }); err != nil {
		t.Fatal(err)
	}
}

func (m *model) create(t *rapid.T) {
	company := companies.Draw(t, "company")
	m.made++
	n := accounts.New{Attributes: attributes(t, m.made, company)}
	var made accounts.User
	m.write(t, func(tx *db.Tx) (err error) {
		made, err = m.p.Inner.Accounts.Create(tx, auth.Caller{Company: company}, n)
		return err
	})
	m.all = append(m.all, made)
	m.open[made.ID] = true
}

// one draws an account that the model created.
func (m *model) one(t *rapid.T) *accounts.User {
	if len(m.all) == m.old {
		t.Skip("no account yet")
	}
	return &m.all[rapid.IntRange(m.old, len(m.all)-1).Draw(t, "who")]
}

func (m *model) change(t *rapid.T) {
	u := m.one(t)
	m.made++
	changed := *u
	changed.Attributes = attributes(t, m.made, u.Company)
	changed.AccountType = u.AccountType
	m.write(t, func(tx *db.Tx) error {
		return m.p.Inner.Accounts.Update(tx, auth.Caller{Company: u.Company}, *u, changed.Attributes)
	})
	*u = changed
}

func (m *model) status(t *rapid.T) {
	u := m.one(t)
	status := rapid.SampledFrom([]accounts.Status{accounts.Enabled, accounts.Disabled}).Draw(t, "status")
	m.set(t, u, status)
}

func (m *model) set(t *rapid.T, u *accounts.User, status accounts.Status) {
	m.write(t, func(tx *db.Tx) error {
		return m.p.Inner.Accounts.SetStatus(tx, auth.Caller{Company: u.Company}, u.ID, status)
	})
	u.Status = status
}

func (m *model) feature(t *rapid.T) {
	u := m.one(t)
	enabled := rapid.Bool().Draw(t, "enabled")
	m.write(t, func(tx *db.Tx) error {
		for _, f := range []features.Name{features.IsExternalIMEnabled, features.IsExternalRoomEnabled} {
			err := tx.Exec(`
				INSERT INTO user_features (user_id, feature, enabled, company)
				VALUES ($1, $2, $3, $4)
				ON CONFLICT (user_id, feature) DO UPDATE SET enabled = excluded.enabled`, u.ID, f, enabled, u.Company)
			if err != nil {
				return err
			}
		}
		return nil
	})
	m.open[u.ID] = enabled
}

func (m *model) search(t *rapid.T) {
	query := rapid.OneOf(someWords, rapid.Just("alice")).Draw(t, "query")
	if rapid.Bool().Draw(t, "two words") {
		query += " " + someWords.Draw(t, "other")
	}
	filters, sent := map[string]string{}, map[string]any{}
	if text := somePlaces.Draw(t, "location"); text != "" && rapid.Bool().Draw(t, "filter") {
		filters["location"], sent["location"] = text, text
	}
	if rapid.Bool().Draw(t, "market") {
		filters["marketCoverage"], sent["marketCoverage"] = "em", "em"
	}
	if len(filters) > 0 && rapid.Bool().Draw(t, "no query") {
		query = ""
	}
	types := rapid.SampledFrom([][]auth.AccountType{nil, {auth.System}, {auth.Normal}, {auth.SDL}}).Draw(t, "types")
	sent["accountTypes"] = types
	local := rapid.Bool().Draw(t, "local")
	m.p.Inner.Barriers.Worth = rapid.SampledFrom([]int64{0, 1, 1_000}).Draw(t, "how many marks are made for")
	want := slices.DeleteFunc(idsOf(scan(m.all, 190, m.open, local, query, types, filters)), func(id wire.UserID) bool {
		return m.hidden[id] && id != wire.UserID(m.alice.ID)
	})
	size := rapid.IntRange(1, 7).Draw(t, "size")
	for skip := 0; skip <= len(want); skip += size {
		got, a := search(m.alice, fmt.Sprintf("?skip=%d&limit=%d&local=%t", skip, size, local), query, sent)
		page := want[skip:min(skip+size, len(want))]
		if a.Status != 200 || !slices.Equal(got.ids(), page) || got.Count != int64(len(want)) {
			t.Fatalf("%q %v %v local %t skip %d: %d, %d of %d: %v, want %v", query, types, filters, local, skip, a.Status, len(got.Users), got.Count, got.ids(), page)
		}
	}
}
