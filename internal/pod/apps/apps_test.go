package apps_test

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"strings"
	"sync"
	"testing"

	"pgregory.net/rapid"

	"podium/internal/db"
	"podium/internal/pod/apps"
	"podium/podtest"
)

func userPath(u *podtest.User) string {
	return fmt.Sprintf("/pod/v1/admin/user/%d/app/entitlement/list", u.ID)
}

// patch sends a body unchanged.
func patch(t *testing.T, by *podtest.User, about *podtest.User, body string) (int, string) {
	t.Helper()
	answer, err := by.Client.Do(context.Background(), "PATCH", userPath(about), []byte(body))
	if err != nil {
		t.Fatal(err)
	}
	return answer.Status, string(answer.Body)
}

// fact is a row of the log.
type fact struct{ kind, data string }

// facts returns the facts recorded in Acme, in order. It reads the table directly, because
// followers wait for transactions of other tests.
func facts(t *testing.T, p *podtest.Pod) []fact {
	t.Helper()
	list, err := db.Read(context.Background(), p.Inner.DB, func(tx *db.Tx) ([]fact, error) {
		return db.All(tx, func(row db.Row) (f fact, err error) { return f, row.Scan(&f.kind, &f.data) },
			`SELECT kind, data FROM events WHERE company = 190 ORDER BY position, seq`)
	})
	if err != nil {
		t.Fatal(err)
	}
	return list
}

func holding(list []fact, kind string) []string {
	var data []string
	for _, f := range list {
		if f.kind == kind {
			data = append(data, f.data)
		}
	}
	return data
}

// TestUninstallWhileLoggingIn uninstalls an application while it logs in on the user's behalf.
// Whichever is first, no session remains that acts.
func TestUninstallWhileLoggingIn(t *testing.T) {
	t.Parallel()
	podtest.Each(t, func(t *testing.T, p *podtest.Pod) {
		admin, app, alice := p.Bot("acme-admin"), p.App("acme-app"), p.User("alice")
		for range 10 {
			patch(t, admin, alice, `[{"appId":"acme-app","install":"TRUE"}]`)
			tokens := make([]string, 4)
			var together sync.WaitGroup
			for i := range tokens {
				together.Go(func() {
					answer, err := app.Client.Do(context.Background(), "POST", "/login/pubkey/app/username/alice/authenticate", nil)
					var opened struct{ Token string }
					if err == nil && answer.Status == 200 && json.Unmarshal(answer.Body, &opened) == nil {
						tokens[i] = opened.Token
					}
				})
			}
			together.Go(func() {
				if status, body := patch(t, admin, alice, `[{"appId":"acme-app","install":"FALSE"}]`); status != 200 {
					t.Errorf("%d %s", status, body)
				}
			})
			together.Wait()
			for _, token := range tokens {
				if token == "" {
					continue
				}
				session := p.Anonymous()
				session.Client.Token = token
				session.Get("/pod/v2/sessioninfo").Want(401)
			}
		}
	})
}

// TestPatchesAtOnce sends two patches of different fields concurrently: both apply.
func TestPatchesAtOnce(t *testing.T) {
	t.Parallel()
	podtest.Each(t, func(t *testing.T, p *podtest.Pod) {
		admin, carol := p.Bot("acme-admin"), p.User("carol")
		for i := range 10 {
			on := []string{"TRUE", "FALSE"}[i%2]
			var together sync.WaitGroup
			for _, half := range []string{
				`[{"appId":"acme-app","listed":"` + on + `"}]`,
				`[{"appId":"acme-app","install":"` + on + `"}]`,
				fmt.Sprintf(`[{"appId":"acme-app","product":{"name":"P%d","subscribed":true,"type":"premium"}}]`, i),
			} {
				together.Go(func() {
					if status, body := patch(t, admin, carol, half); status != 200 {
						t.Errorf("%d %s", status, body)
					}
				})
			}
			together.Wait()
			var list []apps.UserEntitlement
			admin.Get(userPath(carol)).Want(200).Into(&list)
			e := list[0]
			if want := on == "TRUE"; e.Listed != want || e.Install != want || len(e.Products) != i+1 {
				t.Fatalf("round %d: %+v", i, e)
			}
		}
	})
}

// TestCreatedTwiceAtOnce creates one application twice concurrently: one call succeeds.
func TestCreatedTwiceAtOnce(t *testing.T) {
	t.Parallel()
	podtest.Each(t, func(t *testing.T, p *podtest.Pod) {
		admin := p.Bot("acme-admin")
		statuses := make([]int, 4)
		var together sync.WaitGroup
		for i := range statuses {
			together.Go(func() {
				answer, err := admin.Client.Do(context.Background(), "POST", "/pod/v1/admin/app/create",
					[]byte(`{"applicationInfo":{"appId":"once","name":"Once","publisher":"Acme"}}`))
				if err == nil {
					statuses[i] = answer.Status
				}
			})
		}
		together.Wait()
		made := 0
		for _, s := range statuses {
			if s == 200 {
				made++
			} else if s != 400 {
				t.Errorf("status %d", s)
			}
		}
		if made != 1 {
			t.Errorf("%d were made", made)
		}
	})
}

// TestFacts checks the facts of each action of an administrator. None contains the callback's key.
func TestFacts(t *testing.T) {
	t.Parallel()
	podtest.Each(t, func(t *testing.T, p *podtest.Pod) {
		admin, carol := p.Bot("acme-admin"), p.User("carol")
		admin.Post("/pod/v1/admin/app/create", map[string]any{
			"applicationInfo": map[string]any{"appId": "told", "name": "Told", "publisher": "Acme"},
			"notification":    map[string]any{"url": "https://a.example", "apiKey": "secret-of-the-hook"},
		}).Want(200)
		update := map[string]any{"notification": map[string]any{"apiKey": "another-secret-of-the-hook"}}
		admin.Post("/pod/v1/admin/app/told/update", update).Want(200)
		admin.Post("/pod/v1/admin/app/told/update", update).Want(200) // no change, no fact
		admin.Post("/pod/v1/admin/app/entitlement/list", []any{
			map[string]any{"appId": "told", "appName": "", "enable": true, "listed": false, "install": false},
		}).Want(200)
		patch(t, admin, carol, `[{"appId":"told","install":true,"product":{"name":"P","subscribed":true,"type":"premium"}}]`)
		patch(t, admin, carol, `[{"appId":"told","install":true}]`)
		admin.Post("/pod/v1/admin/app/told/delete", nil).Want(200)
		list := facts(t, p)
		for kind, want := range map[string]string{
			"app.entitlementChanged": `{"name":"Told","old":{"enabled":false,"listed":false,"install":false},"new":{"enabled":true,"listed":false,"install":false}}`,
			"app.changed":            `{"name":"Told","enabled":false,"permissions":null,"changed":["notification.apiKey"]}`,
			"app.userChanged":        `{"app":"told","name":"Told","listed":false,"products":[{"appId":"told","name":"P","subscribed":true,"type":"premium"}]}`,
			"app.deleted":            `{"name":"Told"}`,
		} {
			if got := holding(list, kind); len(got) != 1 || got[0] != want {
				t.Errorf("%s: %v, not %s", kind, got, want)
			}
		}
		installed := holding(list, "app.installed")
		if got := installed[len(installed)-1]; got != `{"app":"told","name":"Told","install":true}` {
			t.Errorf("app.installed: %s", got)
		}
		for _, e := range list {
			if strings.Contains(e.data, "secret-of-the-hook") {
				t.Errorf("%s tells the callback's key", e.kind)
			}
		}
	})
}

// TestAnIdUsedAgain checks that sessions of a deleted application are not those of a new one with
// its id.
func TestAnIdUsedAgain(t *testing.T) {
	t.Parallel()
	podtest.Each(t, func(t *testing.T, p *podtest.Pod) {
		admin, session := p.Bot("acme-admin"), p.OnBehalf(p.App("acme-app"), "alice")
		session.Get("/pod/v2/sessioninfo").Want(200)
		before := epoch(t, p)
		admin.Post("/pod/v1/admin/app/acme-app/delete", nil).Want(200)
		session.Get("/pod/v2/sessioninfo").Want(401)
		admin.Post("/pod/v1/admin/app/create", map[string]any{
			"applicationInfo": map[string]any{"appId": "acme-app", "name": "Again", "publisher": "Acme"},
			"permissions":     []string{"ACT_AS_USER", "GET_BASIC_USER_INFO"},
		}).Want(200)
		admin.Post("/pod/v1/admin/app/entitlement/list", []any{
			map[string]any{"appId": "acme-app", "appName": "", "enable": true, "listed": true, "install": true},
		}).Want(200)
		session.Get("/pod/v2/sessioninfo").Want(401)
		if after := epoch(t, p); after <= before {
			t.Errorf("its epoch was %d and is %d", before, after)
		}
	})
}

func epoch(t *testing.T, p *podtest.Pod) int64 {
	t.Helper()
	a, err := db.Read(context.Background(), p.Inner.DB, func(tx *db.Tx) (apps.App, error) { return apps.Find(tx, 190, "acme-app") })
	if err != nil {
		t.Fatal(err)
	}
	return a.Epoch
}

// TestNoLongerForEverybody checks that the sessions of users for whom an application was installed
// by default end at once when it no longer is.
func TestNoLongerForEverybody(t *testing.T) {
	t.Parallel()
	podtest.Each(t, func(t *testing.T, p *podtest.Pod) {
		admin := p.Bot("acme-admin")
		set := func(install bool) {
			admin.Post("/pod/v1/admin/app/entitlement/list", []any{
				map[string]any{"appId": "acme-app", "appName": "", "enable": true, "listed": true, "install": install},
			}).Want(200)
		}
		set(true)
		carol := p.OnBehalf(p.App("acme-app"), "carol")
		carol.Get("/pod/v2/sessioninfo").Want(200)
		set(false)
		carol.Get("/pod/v2/sessioninfo").Want(401)
		// installed by a row of her own
		p.OnBehalf(p.App("acme-app"), "alice").Get("/pod/v2/sessioninfo").Want(200)
		set(true)
		carol.Get("/pod/v2/sessioninfo").Want(401)
	})
}

// TestPatchModel sends random patches and compares the entitlements with a model.
func TestPatchModel(t *testing.T) {
	if testing.Short() {
		t.Skip("slow: make test runs it")
	}
	t.Parallel()
	podtest.Each(t, func(t *testing.T, p *podtest.Pod) {
		admin, carol := p.Bot("acme-admin"), p.User("carol")
		ids := []string{"acme-app", p.PowerlessApp()}
		company := map[string][2]bool{"acme-app": {true, false}, p.PowerlessApp(): {false, true}}
		rapid.Check(t, func(rt *rapid.T) {
			admin.Post(userPath(carol), []any{}).Want(200)
			model := map[string][2]*bool{}
			products := map[string]map[string]bool{"acme-app": {}, p.PowerlessApp(): {}}
			for range rapid.IntRange(1, 6).Draw(rt, "patches") {
				id := rapid.SampledFrom(ids).Draw(rt, "app")
				words := [2]string{word(rt, "listed"), word(rt, "install")}
				body := fmt.Sprintf(`[{"appId":%q`, id)
				now := model[id]
				for i, name := range []string{"listed", "install"} {
					if words[i] != "" {
						body += fmt.Sprintf(`,%q:%s`, name, words[i])
					}
					now[i] = become(words[i], now[i])
				}
				if rapid.Bool().Draw(rt, "with product") {
					name, subscribed := rapid.SampledFrom([]string{"A", "B"}).Draw(rt, "product"), rapid.Bool().Draw(rt, "subscribed")
					body += fmt.Sprintf(`,"product":{"name":%q,"subscribed":%v,"type":"premium"}`, name, subscribed)
					products[id][name] = subscribed
				}
				model[id] = now
				if status, answer := patch(t, admin, carol, body+`}]`); status != 200 {
					rt.Fatalf("%s: %d %s", body, status, answer)
				}
			}
			var list []apps.UserEntitlement
			admin.Get(userPath(carol)).Want(200).Into(&list)
			for _, e := range list {
				want := company[e.AppID]
				for i := range want {
					if own := model[e.AppID][i]; own != nil {
						want[i] = *own
					}
				}
				got := map[string]bool{}
				for _, product := range e.Products {
					got[product.Name] = product.Subscribed
				}
				if [2]bool{e.Listed, e.Install} != want || !maps.Equal(got, products[e.AppID]) {
					rt.Fatalf("%+v is not %v with %v", e, want, products[e.AppID])
				}
			}
		})
	})
}

// word draws one of the spellings of a choice.
func word(rt *rapid.T, name string) string {
	return rapid.SampledFrom([]string{
		"", "null", `"TRUE"`, `"true"`, `"True"`, "true", `"FALSE"`, `"false"`, "false", `"KEEP"`, `"keep"`, `"REMOVE"`, `"Remove"`,
	}).Draw(rt, name)
}

func become(word string, value *bool) *bool {
	switch strings.ToUpper(strings.Trim(word, `"`)) {
	case "TRUE", "FALSE":
		is := strings.EqualFold(strings.Trim(word, `"`), "true")
		return &is
	case "REMOVE":
		return nil
	}
	return value
}
