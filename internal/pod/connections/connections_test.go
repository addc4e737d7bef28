package connections_test

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"podium/internal/auth"
	"podium/internal/db"
	"podium/internal/journal"
	"podium/internal/pod/accounts"
	"podium/internal/pod/accounts/features"
	"podium/internal/pod/connections"
	"podium/internal/wire"
	"podium/podtest"
)

// external enables or disables features of a user for other companies; without features, both.
func external(t *testing.T, p *podtest.Pod, u *podtest.User, enabled bool, features ...features.Name) {
	t.Helper()
	p.Write(t, func(tx *db.Tx) error {
		for _, f := range features {
			err := tx.Exec(`
				INSERT INTO user_features (user_id, feature, enabled, company)
				VALUES ($1, $2, $3, $4)
				ON CONFLICT (user_id, feature) DO UPDATE SET enabled = excluded.enabled`, u.ID, f, enabled, u.ID>>36)
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// status performs an action of one user on another, and returns the answer's status.
func status(t *testing.T, u *podtest.User, action string, other *podtest.User) int {
	t.Helper()
	answer, err := act(u, action, other.ID)
	if err != nil {
		t.Fatal(err)
	}
	return answer.Status
}

// TestExternalFeatures checks users who may not talk to other companies. They can neither ask nor
// accept, and asking them is answered as for an unknown user. They can see, refuse and remove what
// exists.
func TestExternalFeatures(t *testing.T) {
	t.Parallel()
	podtest.Each(t, func(t *testing.T, p *podtest.Pod) {
		alice, dave := p.User("alice"), p.Stranger("dave")
		want := func(u *podtest.User, action string, other *podtest.User, want int) {
			t.Helper()
			if got := status(t, u, action, other); got != want {
				t.Errorf("%s %s %s: %d, not %d", u.Username, action, other.Username, got, want)
			}
		}
		im, room := features.IsExternalIMEnabled, features.IsExternalRoomEnabled
		external(t, p, alice, false, im, room)
		want(alice, "create", dave, 403)
		want(dave, "create", alice, 404)          // as for an unknown user
		want(alice, "create", p.User("bob"), 200) // within the company nothing is needed
		external(t, p, alice, true, room)
		want(dave, "create", alice, 200) // one of the two features is enough
		external(t, p, alice, false, room)
		want(alice, "accept", dave, 403)
		want(alice, "reject", dave, 200)
		external(t, p, alice, true, im)
		want(alice, "create", dave, 200)
		external(t, p, alice, false, im)
		want(dave, "accept", alice, 200) // only the caller's own features count
		external(t, p, dave, false, im, room)
		want(dave, "remove", alice, 200)
	})
}

// TestDisabledUsers checks that a disabled account of another company is answered as an unknown
// user, and that existing connections remain.
func TestDisabledUsers(t *testing.T) {
	t.Parallel()
	podtest.Each(t, func(t *testing.T, p *podtest.Pod) {
		alice, bob, dave := p.User("alice"), p.User("bob"), p.Stranger("dave")
		if status(t, alice, "create", dave) != 200 || status(t, dave, "accept", alice) != 200 {
			t.Fatal("Alice and Dave cannot connect")
		}
		p.Write(t, func(tx *db.Tx) error {
			return p.Inner.Accounts.SetStatus(tx, auth.Caller{Company: 191}, wire.UserID(dave.ID), accounts.Disabled)
		})
		answer, err := act(bob, "create", dave.ID)
		if err != nil || answer.Status != 404 || !strings.Contains(string(answer.Body), "User not found") {
			t.Errorf("asking a disabled user: %v %d %s", err, answer.Status, answer.Body)
		}
		var list []connections.Connection
		alice.Get("/pod/v1/connection/list?status=ACCEPTED").Want(200).Into(&list)
		if len(list) != 1 || int64(list[0].UserID) != dave.ID {
			t.Errorf("the connection with a disabled user: %v", list)
		}
	})
}

// TestFactsForBothCompanies checks that both companies' logs have each change with all data that an
// event has of the two users, and no fact where nothing changed.
func TestFactsForBothCompanies(t *testing.T) {
	t.Parallel()
	podtest.Each(t, func(t *testing.T, p *podtest.Pod) {
		alice, dave := p.User("alice"), p.Stranger("dave")
		for _, step := range []struct {
			user   *podtest.User
			action string
		}{
			{alice, "create"}, {alice, "create"}, {dave, "reject"}, {dave, "remove"}, {alice, "remove"}, {dave, "create"},
			{alice, "accept"}, {alice, "accept"}, {dave, "create"}, {dave, "remove"}, {dave, "remove"},
		} {
			other := dave
			if step.user == dave {
				other = alice
			}
			status(t, step.user, step.action, other)
		}
		want := []string{
			"connection.requested by alice: alice asked dave", "connection.rejected by dave: alice asked dave",
			"connection.restored by dave: alice asked dave", "connection.withdrawn by alice: alice asked dave",
			"connection.requested by dave: dave asked alice", "connection.accepted by alice: dave asked alice",
			"connection.removed by dave: dave asked alice",
		}
		names := map[wire.UserID]string{wire.UserID(alice.ID): "alice", wire.UserID(dave.ID): "dave"}
		for _, company := range []wire.CompanyID{190, 191} {
			if got := facts(t, p, company, names); !slices.Equal(got, want) {
				t.Errorf("the log of %d has\n%s", company, strings.Join(got, "\n"))
			}
		}
	})
}

// facts returns a company's facts of this chapter as sentences.
func facts(t *testing.T, p *podtest.Pod, company wire.CompanyID, names map[wire.UserID]string) []string {
	t.Helper()
	var entries []journal.Entry
	// hidden by transactions of other tests on the same server
	for hidden := int64(1); hidden > 0; {
		_, err := db.Read(context.Background(), p.Inner.DB, func(tx *db.Tx) (struct{}, error) {
			horizon, err := tx.Horizon()
			if err != nil {
				return struct{}{}, err
			}
			if hidden, err = db.Value[int64](tx, `SELECT COUNT(*) FROM events WHERE position >= $1`, horizon); err != nil {
				return struct{}{}, err
			}
			entries, err = journal.After(tx, company, journal.Cursor{}, 1000)
			return struct{}{}, err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	var list []string
	for _, e := range entries {
		if !strings.HasPrefix(e.Kind, "connection.") {
			continue
		}
		var parties connections.Parties
		if err := json.Unmarshal([]byte(e.Data), &parties); err != nil {
			t.Fatal(err)
		}
		for _, party := range []connections.Party{parties.Requester, parties.Target} {
			if party.UserID == 0 || party.Email == "" || party.DisplayName == "" || party.FirstName == "" || party.LastName == "" {
				t.Errorf("%s says too little of a user: %s", e.Kind, e.Data)
			}
			if own := party.UserID.Company() == company; own != (party.Username != "") {
				t.Errorf("the log of %d has the user name %q of user %d", company, party.Username, party.UserID)
			}
		}
		list = append(list, fmt.Sprintf("%s by %s: %s asked %s", e.Kind, names[e.Actor], names[parties.Requester.UserID], names[parties.Target.UserID]))
		if own := e.Actor.Company() == company; own != (e.Name != "") || !own && e.Email != "" {
			t.Errorf("the log of %d has of the actor %d: %q %q", company, e.Actor, e.Name, e.Email)
		}
	}
	return list
}

// TestConnectionEnds checks that the end of a connection is told in the transaction, and that
// nothing changes if a subscriber fails.
func TestConnectionEnds(t *testing.T) {
	t.Parallel()
	podtest.Each(t, func(t *testing.T, p *podtest.Pod) {
		alice, dave, erin := p.User("alice"), p.Stranger("dave"), p.Stranger("erin")
		var heard []connections.Ended
		refuse := false
		journal.On(p.Inner.Journal, func(_ *db.Tx, n connections.Ended) error {
			if refuse {
				return fmt.Errorf("no")
			}
			heard = append(heard, n)
			return nil
		})
		status(t, alice, "create", dave)
		status(t, dave, "accept", alice)
		status(t, alice, "create", erin)
		status(t, alice, "remove", erin) // there was no connection
		refuse = true
		if got := status(t, alice, "remove", dave); got != 500 {
			t.Errorf("removed although a subscriber refused: %d", got)
		}
		refuse = false
		status(t, alice, "remove", dave)
		want := []connections.Ended{{A: wire.UserID(alice.ID), B: wire.UserID(dave.ID)}}
		if !slices.Equal(heard, want) {
			t.Errorf("subscribers heard %v, not %v", heard, want)
		}
	})
}

// TestWhoIsConnected checks the functions that other chapters call.
func TestWhoIsConnected(t *testing.T) {
	t.Parallel()
	podtest.Each(t, func(t *testing.T, p *podtest.Pod) {
		alice, bob, dave, erin := p.User("alice"), p.User("bob"), p.Stranger("dave"), p.Stranger("erin")
		status(t, alice, "create", dave)
		status(t, dave, "accept", alice)
		status(t, alice, "create", erin)
		id := func(u *podtest.User) wire.UserID { return wire.UserID(u.ID) }
		_, err := db.Read(context.Background(), p.Inner.DB, func(tx *db.Tx) (struct{}, error) {
			with, err := connections.With(tx, id(dave))
			if err != nil || !slices.Equal(with, []wire.UserID{id(alice)}) {
				t.Errorf("Dave is connected with %v (%v)", with, err)
			}
			among, err := connections.Among(tx, id(alice), []wire.UserID{id(dave), id(erin), id(bob)})
			slices.Sort(among)
			if err != nil || !slices.Equal(among, []wire.UserID{id(bob), id(dave)}) {
				t.Errorf("of Dave, Erin and Bob, Alice is connected with %v (%v)", among, err)
			}
			return struct{}{}, err
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}
