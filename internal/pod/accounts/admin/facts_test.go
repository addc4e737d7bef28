package admin_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"podium/internal/db"
	"podium/internal/db/dbtest"
	"podium/internal/jose"
	settings "podium/internal/pod/companies"
	"podium/podtest"
)

// TestFacts checks that each change leaves the fact that the audit trail shows, one for each
// attribute; that an empty change leaves none; and that no fact contains a password or a key.
func TestFacts(t *testing.T) {
	t.Parallel()
	podtest.Each(t, func(t *testing.T, p *podtest.Pod) {
		admin := p.Bot("acme-admin")
		pem := jose.EncodePublicKey(&podtest.Key().PublicKey)
		var made detail
		admin.Post("/pod/v2/admin/user/create", map[string]any{
			"userAttributes": map[string]any{
				"userName": "jane", "emailAddress": "jane@acme.example", "displayName": "Jane", "firstName": "Jane", "lastName": "Doe",
				"currentKey": map[string]any{"key": pem},
			},
			"password": map[string]any{"hSalt": "SECRET1", "hPassword": "SECRET2", "khSalt": "SECRET3", "khPassword": "SECRET4"},
		}).Want(200).Into(&made)
		id := made.UserSystemInfo.ID
		v2, v1 := fmt.Sprintf("/pod/v2/admin/user/%d", id), fmt.Sprintf("/pod/v1/admin/user/%d", id)
		admin.Post(v2+"/update", map[string]any{"title": "Trader", "assetClasses": []string{"Equities", "Commodities"}, "displayName": "Jane"}).Want(200)
		admin.Post(v2+"/update", map[string]any{"title": "Trader"}).Want(200)
		admin.Post(v2+"/update", map[string]any{"title": "", "currentKey": map[string]any{"action": "REVOKE"}}).Want(200)
		admin.Post(v1+"/roles/add", map[string]any{"id": "ADMINISTRATOR"}).Want(200)
		admin.Post(v1+"/roles/add", map[string]any{"id": "ADMINISTRATOR"}).Want(200)
		admin.Post(v1+"/features/update", []any{
			map[string]any{"entitlment": "canUpdateAvatar", "enabled": false}, map[string]any{"entitlment": "sendFilesEnabled", "enabled": true},
		}).Want(200)
		admin.Post(v1+"/status/update", map[string]any{"status": "DISABLED"}).Want(200)
		admin.Post(v1+"/status/update", map[string]any{"status": "DISABLED"}).Want(200)

		want := []string{
			`user.created {"username":"jane","email":"jane@acme.example","accountType":"NORMAL","roles":["INDIVIDUAL"]}`,
			`user.keyChanged {"action":"saved","slot":"current","thumbprint":"` + jose.Thumbprint(&podtest.Key().PublicKey) + `"}`,
			`user.profileChanged {"attribute":"title","old":"","new":"Trader"}`,
			`user.profileChanged {"attribute":"assetClasses","old":"[]","new":"[Equities,Commodities]"}`,
			`user.profileChanged {"attribute":"title","old":"Trader","new":""}`,
			`user.keyChanged {"action":"revoked","slot":"current"}`,
			`user.rolesChanged {"old":["INDIVIDUAL"],"new":["INDIVIDUAL","ADMINISTRATOR"]}`,
			`user.featureChanged {"feature":"canUpdateAvatar","old":true,"new":false}`,
			`user.statusChanged {"old":"ENABLED","new":"DISABLED"}`,
		}
		got := p.Facts(id)
		if !slices.Equal(got, want) {
			t.Errorf("recorded:\n%s\nnot:\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
		}
		if all := strings.Join(got, "\n"); strings.Contains(all, "SECRET") || strings.Contains(all, "PUBLIC KEY") {
			t.Error("a fact holds a secret")
		}
		if strings.Contains(string(admin.Get(v2).Want(200).Body), "SECRET") {
			t.Error("a password is shown")
		}
	})
}

// TestMixedScriptsByCompany checks each setting of a company for names that mix scripts.
func TestMixedScriptsByCompany(t *testing.T) {
	t.Parallel()
	podtest.Each(t, func(t *testing.T, p *podtest.Pod) {
		admin := p.Bot("acme-admin")
		for choice, want := range map[settings.MixedScripts]struct{ status, flags int }{
			settings.RefuseMixed: {400, 0}, settings.FlagMixed: {200, 1}, settings.AllowMixed: {200, 0},
		} {
			ctx := context.Background()
			_, err := db.Write(ctx, p.Inner.DB, func(tx *db.Tx) (struct{}, error) {
				c, err := settings.Find(tx, 190)
				if err != nil {
					return struct{}{}, err
				}
				c.MixedScripts = choice
				return struct{}{}, settings.Update(tx, p.Inner.Journal, c)
			})
			if err == nil {
				err = p.Inner.Companies.Refresh(ctx)
			}
			if err != nil {
				t.Fatal(err)
			}
			name := "аlice-" + string(choice) // the first letter is Cyrillic
			var made detail
			admin.Post("/pod/v2/admin/user/create", creation(name, string(choice)+"@acme.example")).Want(want.status).Into(&made)
			flags := 0
			for _, fact := range p.Facts(made.UserSystemInfo.ID) {
				if strings.HasPrefix(fact, "user.nameFlagged") && strings.Contains(fact, `"attribute":"userName"`) {
					flags++
				}
			}
			if flags != want.flags {
				t.Errorf("%s: flagged %d times, not %d", choice, flags, want.flags)
			}
		}
	})
}

// TestASuspensionEndsByTheClock checks that a suspended account cannot log in before the end of its
// suspension, and is shown as suspended until it logs in after that.
func TestASuspensionEndsByTheClock(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, kind dbtest.Kind) {
		clock := podtest.NewClock()
		p := podtest.StartOn(t, kind, podtest.WithClock(clock))
		admin, bot := p.Bot("acme-admin"), p.Bot("acme-bot")
		until := p.Inner.DB.Now().Add(time.Hour)
		suspension := map[string]any{"suspended": true, "suspendedUntil": until, "suspensionReason": "away"}
		admin.Put(fmt.Sprintf("/pod/v1/admin/user/%d/suspension/update", bot.ID), suspension).Want(200)
		bot.Get("/pod/v2/sessioninfo").Want(401)
		if err := bot.Client.Login(context.Background(), "acme-bot", podtest.Key()); err == nil {
			t.Fatal("a suspended account logs in")
		}
		status := func() (s struct {
			Status           string
			Suspended        bool
			SuspendedUntil   int64
			SuspensionReason string
		}) {
			admin.Get(fmt.Sprintf("/pod/v1/admin/user/%d/status", bot.ID)).Want(200).Into(&s)
			return s
		}
		if s := status(); s.Status != "ENABLED" || !s.Suspended || s.SuspendedUntil != int64(until) || s.SuspensionReason != "away" {
			t.Errorf("while suspended: %+v", s)
		}
		clock.Advance(time.Hour + time.Second)
		if s := status(); !s.Suspended {
			t.Errorf("after the time, before a login: %+v", s)
		}
		bot.Login()
		if s := status(); s.Suspended || s.SuspendedUntil != 0 || s.SuspensionReason != "" {
			t.Errorf("after a login: %+v", s)
		}
		bot.Get("/pod/v2/sessioninfo").Want(200)
	})
}
