package streams_test

import (
	"fmt"
	"testing"
	"time"

	"podium/podtest"
)

func setStatus(admin, u *podtest.User, status string) {
	admin.Post(fmt.Sprintf("/pod/v1/admin/user/%d/status/update", u.ID), map[string]string{"status": status}).Want(200)
}

func isActive(admin *podtest.User, room string) bool {
	var d detail
	admin.Get("/pod/v3/room/" + room + "/info").Want(200).Into(&d)
	return d.Info.Active
}

// TestOwnershipIsHandedOn checks that the member who joined first becomes the owner when the last
// owner's account is disabled, and remains the only owner when the account is enabled again.
func TestOwnershipIsHandedOn(t *testing.T) {
	t.Parallel()
	clock := podtest.NewClock()
	podtest.Each(t, func(t *testing.T, p *podtest.Pod) {
		admin, owner, first, second := p.Bot("acme-admin"), p.User("the-owner"), p.User("first"), p.User("second")
		room := newRoom(owner, map[string]any{"name": "handed on"})
		for _, u := range []*podtest.User{second, first} {
			clock.Advance(time.Second)
			change(owner, room, "add", u).Want(200)
		}
		setStatus(admin, owner, "DISABLED")
		list := membersOf(first, room)
		if len(list) != 3 || list[0] != (membership{owner.ID, false}) || list[1] != (membership{second.ID, true}) || list[2].Owner {
			t.Fatal(list)
		}
		setStatus(admin, owner, "ENABLED")
		owner.Login()
		change(owner, room, "promoteOwner", owner).Want(403)
		change(second, room, "promoteOwner", owner).Want(200)
	}, podtest.WithClock(clock))
}

// TestPublicRoomWithoutPossibleOwner checks that a public room is owned only by a member who may
// create one. Without such a member it is deactivated until one activates it.
func TestPublicRoomWithoutPossibleOwner(t *testing.T) {
	t.Parallel()
	podtest.Each(t, func(t *testing.T, p *podtest.Pod) {
		admin, owner, other := p.Bot("acme-admin"), p.User("the-owner"), p.User("other")
		entitle := func(enabled bool) {
			list := []map[string]any{{"entitlment": "canCreatePublicRoom", "enabled": enabled}}
			admin.Post(fmt.Sprintf("/pod/v1/admin/user/%d/features/update", other.ID), list).Want(200)
		}
		room := newRoom(owner, map[string]any{"name": "public", "public": true})
		change(other, room, "add", other).Want(200)
		entitle(false)
		other.Post("/pod/v3/room/create", map[string]any{"name": "another", "public": true}).Want(403)
		change(owner, room, "promoteOwner", other).Want(403)
		setStatus(admin, owner, "DISABLED")
		if isActive(admin, room) {
			t.Fatal("the room has no owner and is active")
		}
		admin.Post("/pod/v1/room/"+room+"/setActive?active=true", nil).Want(400)
		entitle(true)
		admin.Post("/pod/v1/room/"+room+"/setActive?active=true", nil).Want(200)
		if list := membersOf(other, room); list[0].Owner == list[1].Owner {
			t.Fatal(list)
		}
	})
}

// TestIMsOfDisabledAccounts checks that an IM is active exactly while both accounts are enabled.
func TestIMsOfDisabledAccounts(t *testing.T) {
	t.Parallel()
	podtest.Each(t, func(t *testing.T, p *podtest.Pod) {
		admin, one, two := p.Bot("acme-admin"), p.User("one"), p.User("two")
		var im struct {
			ID string `json:"id"`
		}
		one.Post("/pod/v1/im/create", []int64{two.ID}).Want(200).Into(&im)
		active := func() bool {
			var d struct {
				Info struct {
					Active bool `json:"active"`
				} `json:"IMSystemInfo"`
			}
			admin.Get("/pod/v1/im/" + im.ID + "/info").Want(200).Into(&d)
			return d.Info.Active
		}
		for _, step := range []struct {
			whom   *podtest.User
			status string
			active bool
		}{{one, "DISABLED", false}, {two, "DISABLED", false}, {one, "ENABLED", false}, {two, "ENABLED", true}} {
			setStatus(admin, step.whom, step.status)
			if active() != step.active {
				t.Fatalf("after %s is %s, active is %v", step.whom.Username, step.status, !step.active)
			}
		}
	})
}
