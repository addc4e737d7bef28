package streams_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"podium/internal/db/dbtest"
	"podium/podtest"
)

// TestContentManagerSharesOnlyInTheOwnCompany checks that a content manager who is not a member
// shares only in streams of the own company. A room or an IM of another company stays closed,
// although users of the own company are in it.
func TestContentManagerSharesOnlyInTheOwnCompany(t *testing.T) {
	t.Parallel()
	podtest.Each(t, func(t *testing.T, p *podtest.Pod) {
		friend, partner, manager := p.User("friend"), p.Stranger("partner"), p.Bot("manager", "CONTENT_MANAGEMENT")
		connected(t, friend, partner)
		room := crossRoom(t, partner, "theirs")
		partner.Post("/pod/v1/room/"+room+"/membership/add", map[string]any{"id": friend.ID}).Want(200)
		var im struct{ ID string }
		partner.Post("/pod/v1/im/create", []int64{friend.ID}).Want(200).Into(&im)
		for _, stream := range []string{room, im.ID} {
			manager.Post("/agent/v3/stream/"+stream+"/share", sharedArticle).Want(403)
			friend.Post("/agent/v3/stream/"+stream+"/share", sharedArticle).Want(200)
		}
		own := crossRoom(t, friend, "ours")
		manager.Post("/agent/v3/stream/"+own+"/share", sharedArticle).Want(200)
	})
}

// TestIMOfStrangersIsNotRevealed checks that a caller who asks for the IM of two users of another
// company does not learn whether it or the users exist.
func TestIMOfStrangersIsNotRevealed(t *testing.T) {
	t.Parallel()
	podtest.Each(t, func(t *testing.T, p *podtest.Pod) {
		admin, dave, erin, fay := p.Bot("acme-admin"), p.Stranger("dave"), p.Stranger("erin"), p.Stranger("fay")
		dave.Post("/pod/v1/im/create", []int64{erin.ID}).Want(200)
		none := admin.Post("/pod/v1/admin/im/create", []int64{dave.ID, fay.ID})
		for name, ids := range map[string][]int64{
			"two who have one": {dave.ID, erin.ID}, "one unknown": {dave.ID, 191<<36 + 999_999}, "nobody": {191<<36 + 999_998, 191<<36 + 999_999},
		} {
			got := admin.Post("/pod/v1/admin/im/create", ids)
			if got.Status != 403 || string(got.Body) != string(none.Body) || got.Header.Get("Podium-Reason") != none.Header.Get("Podium-Reason") {
				t.Errorf("%s: %d %s, of two who have none %d %s", name, got.Status, got.Body, none.Status, none.Body)
			}
		}
	})
}

// TestAddressesOfStrangersAreNotTold checks that the status and receipts of a message and the audit
// trail do not contain addresses of another company's users.
func TestAddressesOfStrangersAreNotTold(t *testing.T) {
	t.Parallel()
	podtest.Each(t, func(t *testing.T, p *podtest.Pod) {
		alice, dave, admin := p.User("alice"), p.Stranger("dave"), p.Bot("acme-admin")
		connected(t, alice, dave)
		room := crossRoom(t, alice, "mail")
		alice.Post("/pod/v1/room/"+room+"/membership/add", map[string]any{"id": dave.ID}).Want(200)
		var said struct{ ID string }
		dave.Post("/agent/v3/stream/"+room+"/share", sharedArticle).Want(200).Into(&said)
		trail := fmt.Sprintf("/agent/v1/audittrail/privilegeduser?limit=500&startTimestamp=%d", time.Now().UnixMilli()-60_000)
		status, receipts := alice.Get("/pod/v1/message/"+said.ID+"/status").Want(200), admin.Get("/pod/v1/admin/messages/"+said.ID+"/receipts").Want(200)
		admin.Post("/pod/v1/admin/room/"+room+"/membership/remove", map[string]any{"id": dave.ID}).Want(200)
		audited := admin.Get(trail).Want(200)
		for name, answer := range map[string]podtest.Answer{"status": status, "receipts": receipts, "audit trail": audited} {
			if strings.Contains(string(answer.Body), "dave@") {
				t.Errorf("%s: %s", name, answer.Body)
			}
		}
		if !strings.Contains(string(status.Body), "alice@") || !strings.Contains(string(receipts.Body), "alice@") || !strings.Contains(string(audited.Body), fmt.Sprint(dave.ID)) {
			t.Errorf("the answers do not tell of whom they should:\n%s\n%s\n%s", status.Body, receipts.Body, audited.Body)
		}
	})
}

// TestPastMembersFromBeforeTheOwnCompanyCame checks which former members of another company's room
// an administrator sees: those who were members while the own company had members.
func TestPastMembersFromBeforeTheOwnCompanyCame(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, kind dbtest.Kind) {
		clock := podtest.NewClock()
		p := podtest.StartOn(t, kind, podtest.WithClock(clock))
		owner, admin, alice := p.Stranger("owner"), p.Bot("acme-admin"), p.User("alice")
		connected(t, alice, owner)
		room := crossRoom(t, owner, "before")
		step := func(u *podtest.User, what string) {
			t.Helper()
			clock.Advance(time.Second)
			owner.Post("/pod/v1/room/"+room+"/membership/"+what, map[string]any{"id": u.ID}).Want(200)
		}
		early, between, beside := p.Stranger("early"), p.Stranger("between"), p.Stranger("beside")
		step(early, "add")
		step(early, "remove")
		step(beside, "add")
		step(alice, "add")
		step(alice, "remove")
		step(beside, "remove")
		step(between, "add")
		step(between, "remove")
		step(alice, "add")
		for _, path := range []string{"/pod/v1/admin/room/" + room + "/membership/list?includePastMembers=true", "/pod/v1/room/" + room + "/membership/list"} {
			see := func(u *podtest.User) []int64 {
				var list []struct{ ID int64 }
				u.Get(path).Want(200).Into(&list)
				var ids []int64
				for _, m := range list {
					ids = append(ids, m.ID)
				}
				slices.Sort(ids)
				return ids
			}
			want := []int64{owner.ID, alice.ID, beside.ID}
			slices.Sort(want)
			if got := see(admin); !slices.Equal(got, want) {
				t.Errorf("%s: the other company's administrator sees %v, not %v", path, got, want)
			}
			if got := see(p.Stranger("globex-admin")); len(got) != 5 {
				t.Errorf("%s: the own company's administrator sees %v", path, got)
			}
		}
	})
}

var sharedArticle = map[string]any{
	"type":    "com.symphony.sharing.article",
	"content": map[string]any{"title": "T", "publisher": "P", "author": "A", "appId": "app", "articleUrl": "https://x.example"},
}

func connected(t *testing.T, a, b *podtest.User) {
	t.Helper()
	a.Post("/pod/v1/connection/create", map[string]any{"userId": b.ID}).Want(200)
	b.Post("/pod/v1/connection/accept", map[string]any{"userId": a.ID}).Want(200)
}

func crossRoom(t *testing.T, u *podtest.User, name string) string {
	t.Helper()
	var made struct {
		System struct{ ID string } `json:"roomSystemInfo"`
	}
	u.Post("/pod/v3/room/create", map[string]any{"name": name, "crossPod": true}).Want(200).Into(&made)
	return made.System.ID
}
