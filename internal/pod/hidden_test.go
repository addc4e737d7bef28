package pod_test

import (
	"fmt"
	"strconv"
	"strings"
	"testing"

	"podium/podtest"
)

// aboutOneUser lists calls about one user, %s, by all kinds of callers; in a body an id has no
// quotes.
var aboutOneUser = []struct{ method, path, body string }{
	{"GET", "/pod/v3/users?uid=%s", ""},
	{"GET", "/pod/v2/user?uid=%s", ""},
	{"GET", "/pod/v3/user/%s/presence", ""},
	{"GET", "/pod/v3/user/%s/presence?local=true", ""},
	{"GET", "/pod/v2/user/%s/presence", ""},
	{"GET", "/pod/v1/user/%s/presence", ""},
	{"POST", "/pod/v1/user/presence/register", `[%s]`},
	{"GET", "/pod/v1/connection/user/%s/info", ""},
	{"GET", "/pod/v1/connection/list?userIds=%s", ""},
	{"POST", "/pod/v1/connection/create", `{"userId": %s}`},
	{"POST", "/pod/v1/connection/accept", `{"userId": %s}`},
	{"POST", "/pod/v1/connection/reject", `{"userId": %s}`},
	{"POST", "/pod/v1/connection/user/%s/remove", ""},
	{"POST", "/pod/v1/im/create", `[%s]`},
	{"POST", "/pod/v1/im/create", `[%s, COLLEAGUE]`},
	{"POST", "/pod/v1/admin/im/create", `[%s, COLLEAGUE]`},
	{"POST", "/pod/v1/admin/im/create", `[%s, STRANGER]`},
	{"POST", "/pod/v1/admin/im/create", `[%s, STRANGER, COLLEAGUE]`},
	{"POST", "/pod/v1/room/ROOM/membership/add", `{"id": %s}`},
	{"POST", "/pod/v1/room/EXTERNAL/membership/add", `{"id": %s}`},
	{"POST", "/pod/v1/admin/room/ROOM/membership/add", `{"id": %s}`},
	{"POST", "/pod/v1/admin/room/EXTERNAL/membership/add", `{"id": %s}`},
	{"POST", "/pod/v1/room/EXTERNAL/membership/remove", `{"id": %s}`},
	{"POST", "/pod/v1/room/EXTERNAL/membership/promoteOwner", `{"id": %s}`},
	{"POST", "/pod/v1/room/EXTERNAL/membership/demoteOwner", `{"id": %s}`},
	{"GET", "/pod/v1/user/%s/followers", ""},
	{"GET", "/pod/v1/user/%s/following", ""},
	{"POST", "/pod/v1/user/%s/follow", `{"followers": [COLLEAGUE]}`},
	{"POST", "/pod/v1/user/COLLEAGUE/follow", `{"followers": [%s]}`},
	{"GET", "/pod/v1/users/%s/sessions", ""},
	{"GET", "/pod/v2/admin/user/%s", ""},
	{"POST", "/pod/v3/user/presence", `{"category": "BUSY", "userId": %s}`},
	{"POST", "/pod/v1/user/%s/presence", `{"category": "BUSY"}`},
	{"POST", "/pod/v1/admin/user/COLLEAGUE/delegates/update", `{"userId": %s, "action": "ADD"}`},
	{"POST", "/pod/v1/admin/user/%s/delegates/update", `{"userId": COLLEAGUE, "action": "ADD"}`},
	{"GET", "/pod/v1/admin/user/%s/app/entitlement/list", ""},
	{"POST", "/pod/v1/admin/user/%s/streams/list", ""},
	{"POST", "/pod/v1/admin/user/%s/disclaimer/update", `{"disclaimerId": "000000000000000000000000"}`},
}

// TestHiddenAccountsAreLikeUnknownOnes compares the answers for hidden accounts with those for an
// unknown id: status, body and the reason in the header must be the same. Hidden are, in another
// company, an account that may not talk to other companies, a disabled one, and a distribution
// list. Every account of another company is hidden from a caller who may not talk to other
// companies. A distribution list of the caller's company is hidden from all operations on people.
func TestHiddenAccountsAreLikeUnknownOnes(t *testing.T) {
	t.Parallel()
	podtest.Each(t, func(t *testing.T, p *podtest.Pod) {
		theirs, admin := p.Stranger("globex-admin"), p.Bot("acme-admin")
		shut := func(of *podtest.User, id int64) {
			of.Post(fmt.Sprintf("/pod/v1/admin/user/%d/features/update", id), []any{
				map[string]any{"entitlment": "isExternalIMEnabled", "enabled": false},
				map[string]any{"entitlment": "isExternalRoomEnabled", "enabled": false},
			}).Want(200)
		}
		hidden, disabled := p.Stranger("hidden"), p.Stranger("gone")
		shut(theirs, hidden.ID)
		theirs.Post(fmt.Sprintf("/pod/v1/admin/user/%d/status/update", disabled.ID), map[string]string{"status": "DISABLED"}).Want(200)
		open, colleague := p.Stranger("open"), p.User("colleague")
		plain, provisioner, enclosed := p.User("plain"), p.Bot("provisioner", "USER_PROVISIONING"), p.User("enclosed")
		shut(admin, enclosed.ID)
		unknown := int64(191)<<36 + 999_999

		for name, c := range map[string]struct {
			caller *podtest.User
			ids    []int64
		}{
			"a user":                           {plain, []int64{hidden.ID, disabled.ID, p.StrangersList("Theirs").ID}},
			"an administrator":                 {admin, []int64{hidden.ID, disabled.ID, p.StrangersList("Theirs too").ID}},
			"a provisioner":                    {provisioner, []int64{hidden.ID, disabled.ID}},
			"a user within the company":        {enclosed, []int64{hidden.ID, disabled.ID, open.ID}},
			"an administrator, of an own list": {admin, []int64{p.List("Ours").ID}},
		} {
			rooms := strings.NewReplacer(
				"COLLEAGUE", strconv.FormatInt(colleague.ID, 10), "STRANGER", strconv.FormatInt(open.ID, 10),
				"ROOM", room(c.caller, "in "+name, false), "EXTERNAL", room(plain, "ex "+name, true))
			for _, call := range aboutOneUser {
				ask := func(id int64) string {
					text := strconv.FormatInt(id, 10)
					path := rooms.Replace(strings.ReplaceAll(call.path, "%s", text))
					answer, err := c.caller.Client.Do(t.Context(), call.method, path, []byte(rooms.Replace(strings.ReplaceAll(call.body, "%s", text))))
					if err != nil {
						t.Fatal(err)
					}
					return strings.ReplaceAll(fmt.Sprintf("%d %s %s", answer.Status, answer.Header.Get("Podium-Reason"), answer.Body), text, "ID")
				}
				none := unknown
				for _, id := range c.ids {
					if id>>36 == 190 {
						none = int64(190)<<36 + 999_999
					}
					if id>>36 == 190 && (strings.Contains(call.path, "membership/add") || strings.Contains(call.path, "%s/delegates/update")) {
						// lists join rooms, and a caller who changes one like a user is told that
						// it is a list
						continue
					}
					if got, want := ask(id), ask(none); got != want {
						t.Errorf("%s, %s %s %s: %s, of an unknown id %s", name, call.method, call.path, call.body, got, want)
					}
				}
			}
		}
	})
}

// room creates a room and returns its id.
func room(u *podtest.User, name string, external bool) string {
	var made struct {
		System struct {
			ID string `json:"id"`
		} `json:"roomSystemInfo"`
	}
	u.Post("/pod/v3/room/create", map[string]any{"name": name, "crossPod": external}).Want(200).Into(&made)
	return made.System.ID
}
