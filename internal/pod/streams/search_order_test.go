package streams_test

import (
	"fmt"
	"slices"
	"testing"

	"podium/podtest"
)

// TestTheRoomOfTheNameIsFoundFirst checks that the room with the searched name comes first, however
// many newer rooms have names that begin with it: programs take the first result.
func TestTheRoomOfTheNameIsFoundFirst(t *testing.T) {
	t.Parallel()
	podtest.Each(t, func(t *testing.T, p *podtest.Pod) {
		alice := p.User("alice")
		for _, name := range []string{"Desk", "Trading Desk", "Café Noir", "Cafe Noir", "Ａlpha 1", "桌", "Бар"} {
			newRoom(alice, map[string]any{"name": name, "description": "#" + name})
			newRoom(alice, map[string]any{"name": name + "s"})
			newRoom(alice, map[string]any{"name": "Old " + name})
			newRoom(alice, map[string]any{"name": name + " 2", "description": "#" + name})
		}
		for query, name := range map[string]string{
			"Desk": "Desk", "desk": "Desk", " DESK ": "Desk", "Trading Desk": "Trading Desk", "trading  desk": "Trading Desk",
			"Café Noir": "Café Noir", "cafe noir": "Cafe Noir", "CAFE\u0301 NOIR": "Café Noir", "alpha 1": "Ａlpha 1", "桌": "桌", "бар": "Бар",
		} {
			for _, version := range []string{"v2", "v3"} {
				for _, limit := range []int{1, 100} {
					if got := foundRooms(alice, version, limit, map[string]any{"query": query})[0]; got != name {
						t.Errorf("%s, a page of %d: the first room found by %q is %q", version, limit, query, got)
					}
				}
			}
		}
		// The order BASIC, and a search without a query, return the newest first.
		newest := foundRooms(alice, "v3", 100, map[string]any{"query": "desk", "sortOrder": "BASIC"})
		if want := "Trading Desk 2"; newest[0] != want {
			t.Errorf("BASIC: the first is %q, not %q", newest[0], want)
		}
		all := foundRooms(alice, "v3", 100, map[string]any{"query": "", "creator": map[string]any{"id": alice.ID}})
		if all[0] != "Бар 2" || all[len(all)-1] != "Desk" {
			t.Errorf("without a query: %q", all)
		}
	})
}

// TestPagesOfTheBestMatches checks that a page is a part of the whole, in its order.
func TestPagesOfTheBestMatches(t *testing.T) {
	t.Parallel()
	podtest.Each(t, func(t *testing.T, p *podtest.Pod) {
		alice := p.User("alice")
		for i := range 7 {
			newRoom(alice, map[string]any{"name": fmt.Sprintf("Order %d", i)})
			newRoom(alice, map[string]any{"name": fmt.Sprintf("In order %d", i)})
			newRoom(alice, map[string]any{"name": fmt.Sprintf("Disorder %d", i)})
		}
		newRoom(alice, map[string]any{"name": "Order"})
		newRoom(alice, map[string]any{"name": "Chaos", "description": "no #order"})
		whole := foundRooms(alice, "v3", 100, map[string]any{"query": "order"})
		want := []string{
			"Order", "Order 6", "Order 5", "Order 4", "Order 3", "Order 2", "Order 1", "Order 0", "In order 6", "In order 5", "In order 4", "In order 3",
			"In order 2", "In order 1", "In order 0", "Disorder 6", "Disorder 5", "Disorder 4", "Disorder 3", "Disorder 2", "Disorder 1", "Disorder 0", "Chaos",
		}
		if !slices.Equal(whole, want) {
			t.Errorf("%q", whole)
		}
		var pages []string
		for skip := 0; skip < len(want); skip += 5 {
			pages = append(pages, foundRooms(alice, fmt.Sprintf("v3/room/search?skip=%d&limit=5", skip), 0, map[string]any{"query": "order"})...)
		}
		if !slices.Equal(pages, want) {
			t.Errorf("page by page: %q", pages)
		}
	})
}

// TestAnotherCompanysRoomIsNotFirst checks that a room of another company does not come before the
// own company's room of the same name: a program that takes the first result would write into it.
func TestAnotherCompanysRoomIsNotFirst(t *testing.T) {
	t.Parallel()
	podtest.Each(t, func(t *testing.T, p *podtest.Pod) {
		admin, alice, dave := p.Bot("acme-admin"), p.User("alice"), p.Stranger("dave")
		connect(alice, dave)
		entitle(admin, alice, "isExternalRoomEnabled", true)
		own := newRoom(alice, map[string]any{"name": "Alerts"})
		theirs := newRoom(dave, map[string]any{"name": "Alerts", "crossPod": true, "viewHistory": false})
		dave.Post(fmt.Sprintf("/pod/v1/room/%s/membership/add", theirs), map[string]any{"id": alice.ID}).Want(200)
		var found struct{ Rooms []detail }
		alice.Post("/pod/v3/room/search", map[string]any{"query": "alerts"}).Want(200).Into(&found)
		if len(found.Rooms) != 2 || found.Rooms[0].Info.ID != own {
			t.Errorf("found: %+v, own: %s", found, own)
		}
	})
}

// foundRooms returns the names of the rooms that a search finds, in its order. version is v2 or v3,
// or a whole path.
func foundRooms(u *podtest.User, version string, limit int, criteria map[string]any) []string {
	path := "/pod/" + version
	if limit > 0 {
		path += fmt.Sprintf("/room/search?limit=%d", limit)
	}
	var found struct {
		Rooms []struct {
			Attributes struct {
				Name string `json:"name"`
			} `json:"roomAttributes"`
		} `json:"rooms"`
	}
	u.Post(path, criteria).Want(200).Into(&found)
	names := make([]string, len(found.Rooms))
	for i, r := range found.Rooms {
		names[i] = r.Attributes.Name
	}
	return names
}
