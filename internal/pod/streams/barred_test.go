package streams_test

import (
	"context"
	"testing"

	"podium/internal/db"
	"podium/internal/pod/streams/rooms"
	"podium/internal/wire"
	"podium/podtest"
)

// TestBarriersInLargeRooms checks that a large room, for which the barrier groups are counted
// first, admits no one who is separated from a member.
func TestBarriersInLargeRooms(t *testing.T) {
	t.Parallel()
	podtest.Each(t, func(t *testing.T, p *podtest.Pod) {
		alice, bob, carol := p.User("alice"), p.User("bob"), p.User("carol")
		b := p.Barrier("barrier")
		b.KeepApart([]*podtest.User{alice}, []*podtest.User{bob, carol})
		crowd := func(owner *podtest.User) []wire.UserID {
			members := []wire.UserID{wire.UserID(owner.ID)}
			for i := range 600 {
				members = append(members, wire.NewUserID(190, int64(1_000_000+i)))
			}
			return members
		}
		_, err := db.Write(context.Background(), p.Inner.DB, func(tx *db.Tx) (struct{}, error) {
			return struct{}{}, rooms.Load(tx, 190, []rooms.Loaded{
				{Name: "large with Alice", Discoverable: true, Members: crowd(alice)}, {Name: "large with Bob", Discoverable: true, Members: crowd(bob)},
			})
		})
		if err != nil {
			t.Fatal(err)
		}
		find := func(u *podtest.User, query string) string {
			var found struct {
				Rooms []struct {
					Info struct {
						ID string `json:"id"`
					} `json:"roomSystemInfo"`
				} `json:"rooms"`
			}
			u.Post("/pod/v3/room/search", map[string]string{"query": query}).Want(200).Into(&found)
			if len(found.Rooms) == 0 {
				return ""
			}
			return found.Rooms[0].Info.ID
		}
		hers, his := find(alice, "large"), find(bob, "large")
		if hers == his || find(alice, "bob") != "" || find(carol, "bob") != his {
			t.Errorf("Alice finds %q and %q, Bob finds %q", hers, find(alice, "bob"), his)
		}
		change(alice, hers, "add", carol).Want(403)
		change(bob, his, "add", alice).Want(403)
		change(bob, his, "add", carol).Want(200)
		change(alice, hers, "add", p.User("dora")).Want(200)
	})
}
