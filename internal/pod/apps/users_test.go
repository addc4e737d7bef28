package apps_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"podium/internal/db/dbtest"
	"podium/internal/pod/apps"
	"podium/podtest"
)

// TestAppUsers reads the users of an application by every filter, in both orders, with pages of
// every size, and compares with the entitlements of each user.
func TestAppUsers(t *testing.T) {
	t.Parallel()
	podtest.Each(t, func(t *testing.T, p *podtest.Pod) {
		admin := p.Bot("acme-admin")
		people := []*podtest.User{p.User("alice"), p.User("bob"), p.User("carol"), p.User("adam"), admin, p.Bot("acme-bot")}
		for i := range 5 {
			people = append(people, p.User(fmt.Sprintf("person%d", i)))
		}
		for i, u := range people {
			choice := []string{`"listed":true`, `"install":false`, `"listed":false,"install":true`, `"listed":"KEEP"`, `"listed":false,"install":false`}[i%5]
			patch(t, admin, u, `[{"appId":"acme-app",`+choice+`}]`)
		}
		slices.SortFunc(people, func(a, b *podtest.User) int { return int(a.ID - b.ID) })
		for _, company := range [][2]bool{{false, false}, {true, false}, {false, true}, {true, true}} {
			admin.Post("/pod/v1/admin/app/entitlement/list", []any{
				map[string]any{"appId": "acme-app", "appName": "", "enable": true, "listed": company[0], "install": company[1]},
			}).Want(200)
			app := p.App("acme-app") // the change may have ended its session
			for filter, wanted := range map[string]func(listed, install bool) bool{
				"":                 func(listed, install bool) bool { return listed || install },
				"&installed=true":  func(_, install bool) bool { return install },
				"&installed=false": func(listed, install bool) bool { return listed && !install },
			} {
				var want []int64
				for _, u := range people {
					var list []apps.UserEntitlement
					admin.Get(userPath(u)).Want(200).Into(&list)
					if wanted(list[0].Listed, list[0].Install) {
						want = append(want, u.ID)
					}
				}
				for _, size := range []int{1, 3, 100} {
					if got := walked(app, size, "asc"+filter, len(want)); !slices.Equal(got, want) {
						t.Errorf("%v%s by %d: %v, not %v", company, filter, size, got, want)
					}
					backwards := walked(app, size, "desc"+filter, len(want))
					slices.Reverse(backwards)
					if !slices.Equal(backwards, want) {
						t.Errorf("%v%s by %d, descending: %v, not %v", company, filter, size, backwards, want)
					}
				}
			}
		}
	})
}

// walked returns the users on successive pages, and checks each page read by itself.
func walked(app *podtest.User, size int, query string, total int) []int64 {
	var ids []int64
	for page := 0; ; page++ {
		var answer apps.AppUsers
		app.Get(fmt.Sprintf("/v5/users/apps/acme-app?size=%d&page=%d&sort=userId,%s", size, page, query)).Want(200).Into(&answer)
		for _, u := range answer.Users {
			ids = append(ids, int64(u.UserID))
		}
		if m := answer.Page; int(m.TotalElements) != total || m.Last == m.HasNext || m.Number != page {
			return []int64{-1, m.TotalElements, int64(page)}
		}
		if answer.Page.Last {
			return ids
		}
	}
}

// TestPagesOutOfTheBlue checks that a page read by itself equals the page read in sequence, and
// that cached positions expire.
func TestPagesOutOfTheBlue(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, kind dbtest.Kind) {
		clock := podtest.NewClock()
		p := podtest.StartOn(t, kind, podtest.WithClock(clock))
		admin := p.Bot("acme-admin")
		admin.Post("/pod/v1/admin/app/entitlement/list", []any{
			map[string]any{"appId": "acme-app", "appName": "", "enable": true, "listed": true, "install": true},
		}).Want(200)
		app := p.App("acme-app")
		second := func() []apps.AppUser {
			var answer apps.AppUsers
			app.Get("/v5/users/apps/acme-app?size=2&page=1&installed=true").Want(200).Into(&answer)
			return answer.Users
		}
		blue := second()
		app.Get("/v5/users/apps/acme-app?size=2&page=0&installed=true").Want(200)
		if walked := second(); len(walked) != 2 || walked[0].UserID != blue[0].UserID {
			t.Errorf("page 1 is %v out of the blue and %v behind page 0", blue, walked)
		}
		var first apps.AppUsers
		app.Get("/v5/users/apps/acme-app?size=2&page=0&installed=true").Want(200).Into(&first)
		gone := &podtest.User{ID: int64(first.Users[0].UserID)}
		patch(t, admin, gone, `[{"appId":"acme-app","install":false}]`)
		if remembered := second(); remembered[0].UserID != blue[0].UserID {
			t.Errorf("the page behind one that was read begins with %d, not %d: an account is skipped", remembered[0].UserID, blue[0].UserID)
		}
		clock.Advance(2 * time.Minute)
		if later := second(); later[0].UserID != blue[1].UserID {
			t.Errorf("two minutes later page 1 begins with %d, not %d", later[0].UserID, blue[1].UserID)
		}
	})
}
