package streams_test

import (
	"fmt"
	"testing"

	"podium/podtest"
)

// bench is a private room of Alice's with other members, a distribution list, and a barrier that
// comes later between Alice and Bob.
type bench struct {
	*desk
	alice, bob, carol, admin *podtest.User
	barrier                  *podtest.Barrier
}

func newBench(t *testing.T, p *podtest.Pod) *bench {
	t.Helper()
	b := &bench{alice: p.User("alice"), bob: p.User("bob"), carol: p.User("carol"), admin: p.Bot("acme-admin"), barrier: p.Barrier("barrier")}
	b.desk = &desk{t: t, p: p, owner: b.alice, token: p.Bot("lists", "GROUP_MANAGER").AccessToken("profile-manager")}
	b.begin(1)
	b.barrier.SetActive(false)
	b.barrier.KeepApart([]*podtest.User{b.alice}, []*podtest.User{b.bob})
	return b
}

func (b *bench) active() bool {
	b.t.Helper()
	var got detail
	b.admin.Get("/pod/v3/room/" + b.room + "/info").Want(200).Into(&got)
	return got.Info.Active
}

func (b *bench) status(u *podtest.User, status string) {
	b.t.Helper()
	b.admin.Post(fmt.Sprintf("/pod/v1/admin/user/%d/status/update", u.ID), map[string]string{"status": status}).Want(200)
}

func (b *bench) join(u *podtest.User) {
	b.t.Helper()
	b.manage(200, "POST", "/"+b.lists[0].ID+"/member", map[string]any{"member": map[string]int64{"memberId": u.ID, "memberTenant": 190}})
	b.on[0][u.ID] = u
}

// TestOwnerOfClosedRoomIsDisabled checks that a room closed by a barrier gets a new owner when its
// owner is disabled, like an active room, so that members can leave it.
func TestOwnerOfClosedRoomIsDisabled(t *testing.T) {
	t.Parallel()
	podtest.Each(t, func(t *testing.T, p *podtest.Pod) {
		b := newBench(t, p)
		change(b.alice, b.room, "add", b.bob).Want(200)
		change(b.alice, b.room, "add", b.carol).Want(200)
		b.barrier.SetActive(true)
		b.status(b.alice, "DISABLED")
		for _, m := range membersOf(b.admin, b.room) {
			if m.Owner != (m.ID == b.bob.ID) {
				t.Errorf("%d is an owner: %v", m.ID, m.Owner)
			}
		}
		change(b.carol, b.room, "remove", b.carol).Want(200)
		b.barrier.SetActive(false)
		if !b.active() {
			t.Error("the room is inactive without a barrier")
		}
	})
}

// TestClosedRoomWithoutMembersIsDeactivated checks that a room closed by a barrier is deactivated
// when it has no enabled members, like an active room.
func TestClosedRoomWithoutMembersIsDeactivated(t *testing.T) {
	t.Parallel()
	podtest.Each(t, func(t *testing.T, p *podtest.Pod) {
		b := newBench(t, p)
		change(b.alice, b.room, "add", b.bob).Want(200)
		b.barrier.SetActive(true)
		b.status(b.alice, "DISABLED")
		b.status(b.bob, "DISABLED")
		b.barrier.SetActive(false)
		b.status(b.bob, "ENABLED")
		if b.active() {
			t.Error("it is active, although no call has activated it")
		}
		b.admin.Post("/pod/v1/room/"+b.room+"/setActive?active=true", nil).Want(200)
		if list := membersOf(b.admin, b.room); len(list) != 2 || list[0].ID != b.alice.ID || list[0].Owner || !list[1].Owner {
			t.Errorf("members %v", list)
		}
	})
}

// TestListOfTwoWhoAreKeptApart checks that two members of a list who were separated later do not
// join a room together.
func TestListOfTwoWhoAreKeptApart(t *testing.T) {
	t.Parallel()
	podtest.Each(t, func(t *testing.T, p *podtest.Pod) {
		b := newBench(t, p)
		room := newRoom(b.carol, map[string]any{"name": "room of Carol"})
		b.join(b.alice)
		b.join(b.bob)
		b.barrier.SetActive(true)
		b.carol.Post("/pod/v1/room/"+room+"/membership/add", map[string]int64{"id": b.account(0)}).Want(200)
		if list := membersOf(b.carol, room); len(list) != 2 || list[1].ID != b.alice.ID {
			t.Errorf("%v are in the room; of the two, the first comes", list)
		}
	})
}

// TestListLeavesDeactivatedRoom checks that a deactivated room can be activated after a separated
// member has left with a list.
func TestListLeavesDeactivatedRoom(t *testing.T) {
	t.Parallel()
	podtest.Each(t, func(t *testing.T, p *podtest.Pod) {
		b := newBench(t, p)
		b.alice.Post("/pod/v1/room/"+b.room+"/membership/add", map[string]int64{"id": b.account(0)}).Want(200)
		b.join(b.bob)
		b.barrier.SetActive(true)
		activate := "/pod/v1/room/" + b.room + "/setActive?active="
		b.alice.Post(activate+"false", nil).Want(200)
		b.alice.Post(activate+"true", nil).Want(403)
		delete(b.on[0], b.bob.ID)
		b.set(0, "ACTIVE")
		if len(membersOf(b.alice, b.room)) != 1 || b.active() {
			t.Error("Bob is in the room still, or it is active")
		}
		b.alice.Post(activate+"true", nil).Want(200)
	})
}
