package pod_test

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"podium/internal/auth"
	"podium/internal/db"
	"podium/internal/pod"
	"podium/internal/pod/disclaimers"
	"podium/podtest"
)

// world is the other company in the sweep: things of every kind, whose texts all contain a marker
// that no other text has, ids of the same kinds that do not exist, and things of the caller's
// company.
type world struct {
	p     *podtest.Pod
	admin *podtest.User // of the other company

	theirs map[string][]string // by kind: ids, names and addresses of the other company's things
	// those of theirs that the published rules let the caller's company know
	open map[string][]string
	none map[string]string // by kind: values that do not exist, of the same form
	own  map[string]string // by kind: a thing of the caller's company
	ids  []string          // of the other company, that no answer may contain
}

// The markers. A text with secret may be in no answer, one with known only in answers of the
// operations that are published as open to other companies.
const (
	secret = "zqsecret"
	known  = "zqknown"
)

func newWorld(t *testing.T, p *podtest.Pod) *world {
	t.Helper()
	w := &world{
		p: p, admin: p.Stranger("globex-admin"), theirs: map[string][]string{}, open: map[string][]string{}, own: map[string]string{},
		none: map[string]string{
			"user": "13125420999999", "username": "zqnothing", "email": "zqnothing@globex.example", "room": noStream, "im": noStream,
			"message": noMessage, "app": "zqnothing", "cert": strings.Repeat("ab", 32),
			"feed": "abcdef01-2345-4678-9abc-def012345678", "datafeed": strings.Repeat("ab", 16) + "_f", "group": base64.RawURLEncoding.EncodeToString([]byte("[191][SDL][13125420999998]")),
			"list": "13125420999998", "disclaimer": strings.Repeat("ab", 12), "barrier": strings.Repeat("ab", 12), "session": strings.Repeat("ab", 16),
			"words": strings.Repeat("ab", 12), "filter": strings.Repeat("ab", 12), "violation": "MESSAGE-zqnothing-1", "violatingFile": "internal_1/zqnothing",
			"signal": strings.Repeat("ab", 12), "text": "zqnothing", "channel": "999999999", "export": "0000000000000000000000000zqnothing",
		},
	}
	w.accounts()
	w.streams()
	w.rest(t)
	w.ours(t)
	return w
}

// account creates an account of the other company whose texts all have a marker.
func (w *world) account(name, marker string) int64 {
	var made struct {
		System struct {
			ID int64 `json:"id"`
		} `json:"userSystemInfo"`
	}
	text := func(what string) string { return marker + name + what }
	w.admin.Post("/pod/v2/admin/user/create", map[string]any{"userAttributes": map[string]any{
		"accountType": "NORMAL", "userName": text("login"), "emailAddress": secret + name + "@globex.example", "firstName": text("first"),
		"lastName": text("last"), "displayName": text("shown"), "department": secret + name + "department", "title": secret + name + "title",
		"location": secret + name + "place", "division": secret + name + "division", "jobFunction": "Economist",
	}, "roles": []string{"INDIVIDUAL"}}).Want(200).Into(&made)
	return made.System.ID
}

func (w *world) accounts() {
	for name, after := range map[string]func(id int64){
		"hidden": func(id int64) {
			w.admin.Post(fmt.Sprintf("/pod/v1/admin/user/%d/features/update", id), []any{
				map[string]any{"entitlment": "isExternalIMEnabled", "enabled": false},
				map[string]any{"entitlment": "isExternalRoomEnabled", "enabled": false},
			}).Want(200)
		},
		"disabled": func(id int64) {
			w.admin.Post(fmt.Sprintf("/pod/v1/admin/user/%d/status/update", id), map[string]string{"status": "DISABLED"}).Want(200)
		},
		"shutout": func(id int64) {
			w.admin.Post(fmt.Sprintf("/pod/v1/admin/user/%d/features/update", id), []any{
				map[string]any{"entitlment": "isExternalIMEnabled", "enabled": false},
				map[string]any{"entitlment": "isExternalRoomEnabled", "enabled": false},
			}).Want(200)
			w.suspend(id)
		},
	} {
		id := w.account(name, secret)
		after(id)
		text := fmt.Sprint(id)
		w.ids = append(w.ids, text)
		w.add("user", text)
		w.add("username", secret+name+"login")
		w.add("email", secret+name+"@globex.example")
		w.add("text", secret+name+"first", secret+name+"shown", secret+name+"login", secret+name+"department", secret+name+"title")
	}
	for _, name := range []string{"visible", "suspended"} {
		id := w.account(name, known)
		if name == "suspended" {
			w.suspend(id)
		}
		w.open["user"] = append(w.open["user"], fmt.Sprint(id))
		w.open["email"] = append(w.open["email"], secret+name+"@globex.example")
		w.open["text"] = append(w.open["text"], known+name+"first", known+name+"shown")
	}
	w.open["username"] = []string{known + "visiblelogin"}
	w.add("text", secret+"visibledepartment", secret+"visible@globex.exampl")
}

func (w *world) suspend(id int64) {
	w.admin.Put(fmt.Sprintf("/pod/v1/admin/user/%d/suspension/update", id), map[string]any{
		"suspended": true, "suspendedUntil": time.Now().Add(24 * time.Hour).UnixMilli(), "suspensionReason": secret + "reason",
	}).Want(200)
}

func (w *world) add(kind string, values ...string) {
	w.theirs[kind] = append(w.theirs[kind], values...)
}

// thing adds ids of the other company that no answer may contain.
func (w *world) thing(kind string, ids ...string) {
	w.add(kind, ids...)
	w.ids = append(w.ids, ids...)
}

func (w *world) streams() {
	u := w.p.Stranger("zqmember")
	made := func(path string, body any) string {
		var answer struct {
			ID     string `json:"id"`
			System struct {
				ID string `json:"id"`
			} `json:"roomSystemInfo"`
		}
		u.Post(path, body).Want(200).Into(&answer)
		return answer.ID + answer.System.ID
	}
	var rooms []string
	for name, settings := range map[string]map[string]any{
		"private": {}, "public": {"public": true, "discoverable": true}, "external": {"crossPod": true}, "inactive": {},
	} {
		settings["name"], settings["description"] = secret+name+"room", secret+name+"about"
		settings["keywords"] = []any{map[string]string{"key": secret + name, "value": secret + name + "value"}}
		id := made("/pod/v3/room/create", settings)
		rooms = append(rooms, id)
		if name == "inactive" {
			u.Post("/pod/v1/room/"+id+"/setActive?active=false", nil).Want(200)
			continue
		}
		w.thing("message", made("/agent/v3/stream/"+id+"/share", w.article()))
		w.add("text", secret+name+"room", secret+name, secret+name+"value")
	}
	im := made("/pod/v1/im/create", []int64{w.admin.ID})
	w.thing("message", made("/agent/v3/stream/"+im+"/share", w.article()))
	w.thing("room", rooms...)
	w.thing("im", im)
	w.add("room", im)
	w.add("im", rooms[0])
	w.shared(u, made)
	w.thing("feed", made("/pod/v1/presence/feed/create", nil))
	var datafeed struct {
		ID string `json:"id"`
	}
	u.Post("/agent/v5/datafeeds", nil).Want(201).Into(&datafeed)
	w.thing("datafeed", datafeed.ID)
}

// shared creates streams with users of both companies: the caller's company knows them, but not the
// others' addresses.
func (w *world) shared(u *podtest.User, made func(path string, body any) string) {
	alice, bob := w.p.User("alice"), w.p.User("bob")
	id := made("/pod/v3/room/create", map[string]any{"name": "shared", "crossPod": true})
	for _, own := range []*podtest.User{alice, bob} {
		u.Post("/pod/v1/connection/create", map[string]any{"userId": own.ID}).Want(200)
		own.Post("/pod/v1/connection/accept", map[string]any{"userId": u.ID}).Want(200)
		u.Post("/pod/v1/room/"+id+"/membership/add", map[string]any{"id": own.ID}).Want(200)
	}
	im := made("/pod/v1/im/create", []int64{alice.ID})
	w.open["room"], w.open["im"] = []string{id, im}, []string{im, id}
	said := map[string]any{"type": "com.symphony.sharing.article", "content": map[string]any{
		"title": "T", "publisher": "P", "author": "A", "appId": "a", "articleUrl": "https://x.example"}}
	for _, stream := range []string{id, im} {
		w.open["message"] = append(w.open["message"], made("/agent/v3/stream/"+stream+"/share", said))
		var own struct {
			ID string `json:"id"`
		}
		alice.Post("/agent/v3/stream/"+stream+"/share", said).Want(200).Into(&own)
		w.open["message"] = append(w.open["message"], own.ID)
	}
	w.ids = append(w.ids, "zqmember@191.example")
}

func (w *world) article() map[string]any {
	return map[string]any{"type": "com.symphony.sharing.article", "content": map[string]any{
		"title": secret + "title", "publisher": secret + "press", "author": secret + "author", "appId": secret + "by", "articleUrl": "https://" + secret + ".example",
	}}
}

// rest creates what is neither an account nor a stream.
func (w *world) rest(t *testing.T) {
	t.Helper()
	app := secret + "app"
	w.admin.Post("/pod/v1/admin/app/create", map[string]any{
		"applicationInfo": map[string]any{"appId": app, "name": secret + "appname", "publisher": secret + "publisher"}, "description": secret + "use",
		"permissions": []string{"ZQSECRET_ONE"},
	}).Want(200)
	w.admin.Post("/pod/v1/admin/app/entitlement/list", []any{
		map[string]any{"appId": app, "appName": "", "enable": true, "listed": true, "install": true},
	}).Want(200)
	w.thing("app", app)

	_, leaf := certificates(t, time.Now())
	certificate := w.call(t, "createCompanyCert", `{"pem": "`+leaf+`", "attributes": {"name": "`+secret+`cert", "type": {"type": "USER"}}}`)
	w.thing("cert", certificate.Info.FingerPrint)

	w.admin.Post(fmt.Sprintf("/pod/v1/admin/user/%d/roles/add", w.admin.ID), map[string]string{"id": "GROUP_MANAGER"})
	group := w.call(t, "insertGroup", `{"type": "SDL", "ownerType": "TENANT", "ownerId": 191, "name": "`+secret+`group", "profile": {"displayName": "`+secret+`group"},
		"members": [{"memberTenant": 191, "memberId": `+fmt.Sprint(w.admin.ID)+`}]}`)
	w.thing("group", group.ID)
	w.thing("list", group.Profile.ID)
	w.add("user", group.Profile.ID)

	signal := w.call(t, "createSignal", `{"name": "`+secret+`signal", "query": "hashtag:`+secret+`", "companyWide": true}`)
	w.thing("signal", signal.ID)
	w.admin.Post(fmt.Sprintf("/pod/v1/admin/user/%d/roles/add", w.admin.ID), map[string]string{"id": "EF_POLICY_MANAGEMENT"}).Want(200)
	words := w.call(t, "createDLPDictionary", `{"name": "`+secret+`words", "type": "Word"}`).Data.Ref.ID
	w.thing("words", words)
	w.thing("filter", w.call(t, "createDLPPolicyV1", `{"name": "`+secret+`filter", "type": "Block", "scopes": ["Internal"],
		"contentTypes": ["Messages"], "dictionaryIds": ["`+words+`"]}`).Data.Policy)
	violation, file := violate(w.admin, secret)
	w.thing("violation", violation)
	w.thing("violatingFile", file)

	w.write(func(tx *db.Tx) error {
		d, err := disclaimers.Create(tx, w.p.Inner.Journal, disclaimers.Disclaimer{Company: 191, Name: secret + "disclaimer", Content: secret + "content", Format: disclaimers.Text, Hours: 1, Active: true})
		w.thing("disclaimer", d.ID)
		return err
	})
	w.write(func(tx *db.Tx) error {
		g, err := w.p.Inner.Barriers.CreateGroup(tx, auth.Caller{Company: 191}, secret+"barrier")
		w.thing("barrier", g.ID)
		return err
	})
	w.thing("export", exportFile(t, w.p, 191, secret+"file"))
	var sponsored struct {
		CompanyID string `json:"companyId"`
	}
	body := `{"companyName": "` + secret + `channel", "users": [{"email": "` + secret + `sponsored@` + secret + `.example", "firstName": "` + secret + `", "lastName": "` + secret + `"}]}`
	w.admin.Call(podtest.Operation(t, "createSponsoredUsers"), nil, []byte(body)).Want(201).Into(&sponsored)
	w.add("channel", sponsored.CompanyID) // its number is too short to look for in answers
	var sessions struct {
		Sessions []struct {
			SessionID string `json:"sessionId"`
		} `json:"sessions"`
	}
	w.admin.Get(fmt.Sprintf("/pod/v1/users/%d/sessions", w.admin.ID)).Want(200).Into(&sessions)
	for _, s := range sessions.Sessions {
		w.thing("session", s.SessionID)
	}
}

// ours creates things of the caller's company, so that calls with one foreign id get as far as that
// id.
func (w *world) ours(t *testing.T) {
	t.Helper()
	admin := w.p.Bot("acme-admin")
	alice := w.p.User("alice")
	var im struct {
		ID string `json:"id"`
	}
	admin.Post("/pod/v1/im/create", []int64{alice.ID}).Want(200).Into(&im)
	var said struct {
		ID string `json:"id"`
	}
	own := room(admin, "ours", true)
	signal := idOf(admin.Post("/agent/v1/signals/create", map[string]any{"name": "ours", "query": "hashtag:ours"}))
	admin.Post("/agent/v3/stream/"+own+"/share", map[string]any{"type": "com.symphony.sharing.article", "content": map[string]any{
		"title": "T", "publisher": "P", "author": "A", "appId": "a", "articleUrl": "https://x.example"}}).Want(200).Into(&said)
	w.p.MakeApp("sweeper", auth.Permissions()...)
	w.own = map[string]string{
		"user": fmt.Sprint(alice.ID), "username": "alice", "email": "alice@acme.example", "room": own, "im": im.ID, "message": said.ID,
		"app": "sweeper", "cert": w.none["cert"], "feed": w.none["feed"], "datafeed": w.none["datafeed"], "group": w.none["group"], "list": w.none["list"],
		"disclaimer": w.none["disclaimer"], "barrier": w.p.Barrier("ours").Groups[0], "session": w.none["session"], "signal": signal, "text": "ours",
		"words": w.none["words"], "filter": w.none["filter"], "violation": w.none["violation"], "violatingFile": w.none["violatingFile"], "channel": w.none["channel"], "export": w.none["export"],
	}
}

// answered is the part of an answer that the sweep's preparations read.
type answered struct {
	ID      string `json:"id"`
	ETag    string `json:"eTag"`
	Profile struct {
		ID string `json:"id"`
	} `json:"profile"`
	Data struct {
		Policy string `json:"policyId"`
		Ref    struct {
			ID string `json:"dictId"`
		} `json:"dictRef"`
	} `json:"data"`
	Info struct {
		FingerPrint string `json:"fingerPrint"`
	} `json:"companyCertInfo"`
}

func (w *world) call(t *testing.T, id, body string) (a answered) {
	t.Helper()
	for _, o := range pod.Catalogue() {
		if o.ID != id {
			continue
		}
		answer := w.admin.Call(o, nil, []byte(body))
		if err := json.Unmarshal(answer.Body, &a); err != nil || answer.Status/100 != 2 {
			t.Fatalf("%s: %d %s", id, answer.Status, answer.Body)
		}
	}
	return a
}

func (w *world) write(fn func(tx *db.Tx) error) {
	_, err := db.Write(context.Background(), w.p.Inner.DB, func(tx *db.Tx) (struct{}, error) { return struct{}{}, fn(tx) })
	if err != nil {
		panic(err)
	}
}
