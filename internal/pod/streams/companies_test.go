package streams_test

import (
	"context"
	"encoding/json"
	"fmt"
	"testing"

	"podium/internal/auth"
	"podium/internal/db"
	"podium/internal/pod/accounts"
	"podium/internal/pod/companies"
	"podium/internal/wire"
	"podium/podtest"
)

func connect(a, b *podtest.User) {
	a.Post("/pod/v1/connection/create", map[string]int64{"userId": b.ID}).Want(200)
	b.Post("/pod/v1/connection/accept", map[string]int64{"userId": a.ID}).Want(200)
}

func entitle(admin, u *podtest.User, feature string, enabled bool) {
	list := []map[string]any{{"entitlment": feature, "enabled": enabled}}
	admin.Post(fmt.Sprintf("/pod/v1/admin/user/%d/features/update", u.ID), list).Want(200)
}

// TestIMsAcrossCompanies checks that users of two companies can share an IM once they are connected
// and entitled.
func TestIMsAcrossCompanies(t *testing.T) {
	t.Parallel()
	podtest.Each(t, func(t *testing.T, p *podtest.Pod) {
		admin, alice, bob, dave := p.Bot("acme-admin"), p.User("alice"), p.User("bob"), p.Stranger("dave")
		alice.Post("/pod/v1/im/create", []int64{dave.ID}).Want(403)
		connect(alice, dave)
		entitle(admin, alice, "isExternalIMEnabled", false)
		alice.Post("/pod/v1/im/create", []int64{dave.ID}).Want(403)
		entitle(admin, alice, "isExternalIMEnabled", true)
		var im, again struct {
			ID string `json:"id"`
		}
		alice.Post("/pod/v1/im/create", []int64{dave.ID}).Want(200).Into(&im)
		dave.Post("/pod/v1/im/create", []int64{alice.ID}).Want(200).Into(&again)
		if im != again {
			t.Errorf("%s from one side, %s from the other", im.ID, again.ID)
		}
		var info struct {
			CrossPod bool   `json:"crossPod"`
			Origin   string `json:"origin"`
		}
		dave.Get("/pod/v2/streams/" + im.ID + "/info").Want(200).Into(&info)
		if !info.CrossPod || info.Origin != "EXTERNAL" {
			t.Errorf("%+v", info)
		}
		// Bob is not connected with Dave, Alice is.
		bob.Post("/pod/v1/im/create", []int64{alice.ID, dave.ID}).Want(403)
		alice.Post("/pod/v1/im/create", []int64{bob.ID, dave.ID}).Want(200)
		// The administrator cannot bring unconnected users together.
		admin.Post("/pod/v1/admin/im/create", []int64{bob.ID, dave.ID}).Want(403)
		admin.Post("/pod/v1/admin/im/create", []int64{alice.ID, dave.ID}).Want(200)
		// The other company's administrator sees it, too, as a stream of another company.
		var list struct {
			Count   int `json:"count"`
			Streams []struct {
				ID     string `json:"id"`
				Origin string `json:"origin"`
			} `json:"streams"`
		}
		p.Stranger("globex-admin").Post("/pod/v2/admin/streams/list", map[string]any{"origin": "EXTERNAL"}).Want(200).Into(&list)
		if list.Count != 2 || list.Streams[0].ID != im.ID || list.Streams[0].Origin != "EXTERNAL" {
			t.Errorf("%+v", list)
		}
	})
}

// TestRoomsAcrossCompanies checks who may join, see and administer a room of two companies.
func TestRoomsAcrossCompanies(t *testing.T) {
	t.Parallel()
	podtest.Each(t, func(t *testing.T, p *podtest.Pod) {
		admin, alice, bob := p.Bot("acme-admin"), p.User("alice"), p.User("bob")
		dave, erin, theirs := p.Stranger("dave"), p.Stranger("erin"), p.Stranger("globex-admin")
		connect(alice, dave)
		inside := newRoom(alice, map[string]any{"name": "one company"})
		change(alice, inside, "add", dave).Want(403)
		room := newRoom(alice, map[string]any{"name": "two companies", "crossPod": true})
		// the other company does not know of it
		dave.Get("/pod/v3/room/" + room + "/info").Want(400)
		theirs.Get("/pod/v3/room/" + room + "/info").Want(400)
		change(alice, room, "add", erin).Want(403) // not connected
		entitle(theirs, dave, "isExternalRoomEnabled", false)
		change(alice, room, "add", dave).Want(403)
		entitle(theirs, dave, "isExternalRoomEnabled", true)
		change(alice, room, "add", dave).Want(200)
		change(alice, room, "add", bob).Want(200)
		dave.Get("/pod/v3/room/" + room + "/info").Want(200)
		theirs.Get("/pod/v3/room/" + room + "/info").Want(200)
		search := func(u *podtest.User) (found struct {
			Count int `json:"count"`
		}) {
			u.Post("/pod/v3/room/search", map[string]string{"query": "two comp"}).Want(200).Into(&found)
			return found
		}
		if search(dave).Count != 1 || search(bob).Count != 1 || search(erin).Count != 0 {
			t.Error("only members find the room")
		}
		var list struct {
			Members []struct {
				User map[string]json.RawMessage `json:"user"`
			} `json:"members"`
		}
		admin.Get("/pod/v1/admin/stream/" + room + "/membership/list").Want(200).Into(&list)
		seen := 0
		for _, m := range list.Members {
			if string(m.User["isExternal"]) == "true" {
				seen++
				if _, has := m.User["email"]; has || string(m.User["company"]) != `"Globex"` {
					t.Errorf("%s", m.User)
				}
			}
		}
		if seen != 1 || len(list.Members) != 3 {
			t.Errorf("%d members, %d of them of the other company", len(list.Members), seen)
		}
		// Dave owns it, but it is a room of Acme.
		change(alice, room, "promoteOwner", dave).Want(200)
		dave.Post("/pod/v1/room/"+room+"/setActive?active=false", nil).Want(403)
		theirs.Post("/pod/v1/admin/room/"+room+"/setActive?active=false", nil).Want(403)
		theirs.Post("/pod/v1/admin/room/"+room+"/membership/add", map[string]int64{"id": erin.ID}).Want(403)
		theirs.Post("/pod/v1/admin/room/"+room+"/membership/remove", map[string]int64{"id": bob.ID}).Want(403)
		theirs.Post("/pod/v1/admin/room/"+room+"/membership/remove", map[string]int64{"id": dave.ID}).Want(200)
		// When its last member leaves, the company no longer knows of the room.
		dave.Get("/pod/v3/room/" + room + "/info").Want(400)
		theirs.Get("/pod/v3/room/" + room + "/info").Want(400)
		if search(dave).Count != 0 {
			t.Error("a room is found by those who left")
		}
		// A new name is found by both companies.
		change(alice, room, "add", dave).Want(200)
		alice.Post("/pod/v3/room/"+room+"/update", map[string]string{"name": "renamed"}).Want(200)
		var found struct {
			Count int `json:"count"`
		}
		dave.Post("/pod/v3/room/search", map[string]string{"query": "renam"}).Want(200).Into(&found)
		if found.Count != 1 || search(dave).Count != 0 {
			t.Error("the other company's search terms are unchanged")
		}
	})
}

// TestRoomsOfThreeCompanies checks that a third company can join only a multilateral room, and only
// with entitled users.
func TestRoomsOfThreeCompanies(t *testing.T) {
	t.Parallel()
	podtest.Each(t, func(t *testing.T, p *podtest.Pod) {
		admin, alice, dave := p.Bot("acme-admin"), p.User("alice"), p.Stranger("dave")
		frank := third(t, p)
		connect(alice, dave)
		join(t, p, alice, frank)
		two := newRoom(alice, map[string]any{"name": "two", "crossPod": true})
		change(alice, two, "add", dave).Want(200)
		change(alice, two, "add", frank).Want(403)
		entitle(admin, alice, "canCreateMultiLateralRoom", false)
		many := map[string]any{"name": "many", "crossPod": true, "multiLateralRoom": true}
		alice.Post("/pod/v3/room/create", many).Want(403)
		entitle(admin, alice, "canCreateMultiLateralRoom", true)
		three := newRoom(alice, many)
		entitle(p.Stranger("globex-admin"), dave, "canJoinMultiLateralRoom", false)
		change(alice, three, "add", dave).Want(403)
		entitle(p.Stranger("globex-admin"), dave, "canJoinMultiLateralRoom", true)
		change(alice, three, "add", dave).Want(200)
		change(alice, three, "add", frank).Want(200)
		if n := len(membersOf(dave, three)); n != 3 {
			t.Errorf("%d members", n)
		}
		alice.Post("/pod/v1/im/create", []int64{dave.ID, frank.ID}).Want(200)
		entitle(admin, alice, "canCreateMultiLateralRoom", false)
		p.User("bob").Post("/pod/v1/im/create", []int64{dave.ID, frank.ID}).Want(403)
	})
}

// third returns a user of a third company.
func third(t *testing.T, p *podtest.Pod) *podtest.User {
	t.Helper()
	id, err := db.Write(context.Background(), p.Inner.DB, func(tx *db.Tx) (wire.UserID, error) {
		secrets, err := companies.NewSecrets("Initech", tx.Now().Std())
		if err != nil {
			return 0, err
		}
		if err := companies.Create(tx, p.Inner.Journal, companies.Defaults(192, "Initech"), secrets); err != nil {
			return 0, err
		}
		u, err := p.Inner.Accounts.Create(tx, auth.Caller{Company: 192}, accounts.New{Attributes: accounts.Attributes{
			AccountType: auth.Normal, Username: "frank", Email: "frank@initech.example", DisplayName: "Frank", FirstName: "Frank", LastName: "Foster",
		}})
		return u.ID, err
	})
	if err != nil {
		t.Fatal(err)
	}
	return &podtest.User{ID: int64(id)}
}

// join connects two users, one of whom has no session.
func join(t *testing.T, p *podtest.Pod, a, b *podtest.User) {
	t.Helper()
	_, err := db.Write(context.Background(), p.Inner.DB, func(tx *db.Tx) (struct{}, error) {
		return struct{}{}, tx.Exec(`
			INSERT INTO connections (low, high, requester, status, requested, updated, requests)
			VALUES ($1, $2, $1, 'ACCEPTED', $3, $3, 1)`, min(a.ID, b.ID), max(a.ID, b.ID), tx.Now())
	})
	if err != nil {
		t.Fatal(err)
	}
}
