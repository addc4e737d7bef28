package directory_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"podium/internal/db/dbtest"
	"podium/podtest"
)

// TestAChangeIsSeenEverywhereWithinASecond checks that a change of an account is seen at once on
// the node that made it, and within a second on a node that receives no notification.
func TestAChangeIsSeenEverywhereWithinASecond(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		path   string // of the change, below the account's path
		body   map[string]any
		before string
		after  string
	}{
		"title":    {"update", map[string]any{"title": "Head of Zoos"}, `"title":null`, `"title":"Head of Zoos"`},
		"name":     {"update", map[string]any{"displayName": "Zoe Zander"}, `"displayName":"zoe"`, `"displayName":"Zoe Zander"`},
		"disabled": {"status/update", map[string]any{"status": "DISABLED"}, `"displayName":"zoe"`, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dbtest.Each(t, func(t *testing.T, kind dbtest.Kind) {
				clock := podtest.NewClock()
				url := dbtest.URL(t, kind)
				here := podtest.StartOn(t, kind, podtest.WithClock(clock), podtest.FreshAt(url))
				there := podtest.StartOn(t, kind, podtest.WithClock(clock), podtest.OnDatabase(url))
				zoe, alice, admin := here.User("zoe"), here.User("alice"), here.Bot("acme-admin")
				elsewhere := there.As(alice)
				look := fmt.Sprintf("/pod/v3/users?active=true&uid=%d", zoe.ID)
				wantBody(t, alice.Get(look), c.before)
				wantBody(t, elsewhere.Get(look), c.before)

				path := fmt.Sprintf("/pod/v2/admin/user/%d/%s", zoe.ID, c.path)
				if strings.HasPrefix(c.path, "status") {
					path = strings.Replace(path, "/v2/", "/v1/", 1)
				}
				admin.Post(path, c.body).Want(200)
				wantBody(t, alice.Get(look), c.after)
				clock.Advance(time.Second)
				wantBody(t, elsewhere.Get(look), c.after)
			})
		})
	}
}

// wantBody checks that an answer contains a text; empty: no user was found.
func wantBody(t *testing.T, a podtest.Answer, text string) {
	t.Helper()
	status := 200
	if text == "" {
		status = 204
	}
	if a.Status != status || !strings.Contains(string(a.Body), text) {
		t.Errorf("%d %s, want %s", a.Status, a.Body, text)
	}
}

// TestStrangersDoNotSeeWhatIsRemembered checks that a cached account is not shown to other
// companies.
func TestStrangersDoNotSeeWhatIsRemembered(t *testing.T) {
	t.Parallel()
	podtest.Each(t, func(t *testing.T, p *podtest.Pod) {
		alice, stranger := p.User("alice"), p.Stranger("globex-bot")
		for range 2 {
			look := fmt.Sprintf("/pod/v2/user?uid=%d", alice.ID)
			wantBody(t, alice.Get(look), `"emailAddress":"alice@acme.example"`)
			wantBody(t, stranger.Get(look), `"emailAddress":null`)
			wantBody(t, stranger.Get(look+"&local=true"), "")
		}
	})
}
