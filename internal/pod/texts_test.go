package pod_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"podium/internal/client"
	"podium/podtest"
)

// text is a field of a request with a text that people see.
type text struct {
	field string // its name in a refusal
	kind  string // line, prose, identifier, link
	send  func(value string) client.Answer
}

// texts returns all such fields. n makes unused names.
func texts(t *testing.T, p *podtest.Pod) []text {
	admin, alice, bot := p.Bot("acme-admin"), p.User("alice"), p.Bot("bot")
	carol, other, suspended := p.User("carol"), p.User("changed"), p.User("suspended")
	n := 0
	unique := func() string { n++; return fmt.Sprintf("u%dx", n) }
	var list []text
	add := func(field, kind string, send func(string) client.Answer) {
		list = append(list, text{field: field, kind: kind, send: send})
	}

	// Accounts.
	account := func(version, name string, list bool) func(string) client.Answer {
		return func(value string) client.Answer {
			user := unique()
			attributes := map[string]any{"accountType": "NORMAL", "userName": user, "emailAddress": user + "@acme.example", "firstName": "A", "lastName": "B", "displayName": "A B"}
			attributes[name] = value
			if list {
				attributes[name] = []string{"x", value}
			}
			if name == "userName" {
				attributes[name] = value + user
			}
			if name == "emailAddress" {
				attributes[name] = value + user + "@acme.example"
			}
			return admin.Post("/pod/"+version+"/admin/user/create", map[string]any{"userAttributes": attributes, "roles": []string{"INDIVIDUAL"}}).Answer
		}
	}
	change := func(version, name string, list bool) func(string) client.Answer {
		return func(value string) client.Answer {
			given := map[string]any{name: value}
			if list {
				given[name] = []string{value}
			}
			id := other.ID
			if name == "userName" || name == "emailAddress" {
				id, given[name] = p.User("c"+unique()).ID, value+unique()+map[string]string{"emailAddress": "@other.example"}[name]
			}
			return admin.Post(fmt.Sprintf("/pod/%s/admin/user/%d/update", version, id), given).Answer
		}
	}
	for _, name := range []string{
		"displayName", "firstName", "lastName", "companyName", "title", "department", "division", "location", "workPhoneNumber", "mobilePhoneNumber", "smsNumber",
	} {
		add(name, "line", account("v1", name, false))
		add(name, "line", account("v2", name, false))
		add(name, "line", change("v1", name, false))
		add(name, "line", change("v2", name, false))
	}
	for _, name := range []string{"twoFactorAuthPhone", "recommendedLanguage"} {
		add(name, "line", account("v2", name, false))
		add(name, "line", change("v2", name, false))
	}
	for _, name := range []string{"marketCoverage", "responsibility", "function", "instrument"} {
		add(name, "line", account("v2", name, true))
		add(name, "line", change("v2", name, true))
	}
	for _, name := range []string{"userName", "emailAddress"} {
		add(name, "identifier", account("v1", name, false))
		add(name, "identifier", account("v2", name, false))
		add(name, "identifier", change("v2", name, false))
	}
	add("suspensionReason", "prose", func(value string) client.Answer {
		return admin.Put(fmt.Sprintf("/pod/v1/admin/user/%d/suspension/update", suspended.ID),
			map[string]any{"suspended": true, "suspendedUntil": int64(4102444800000), "suspensionReason": "so: " + value}).Answer
	})
	add("manifest", "prose", func(value string) client.Answer {
		document, _ := json.Marshal(map[string]any{"commands": []map[string]string{{"name": "x", "desc": value}}})
		return bot.Post("/pod/v1/user/manifest/own", map[string]any{"manifest": string(document)}).Answer
	})

	// Rooms.
	room := func(version string, attributes map[string]any) client.Answer {
		if version == "v1" {
			return alice.Post("/pod/v1/room/create", map[string]any{"roomAttributes": attributes}).Answer
		}
		return alice.Post("/pod/"+version+"/room/create", attributes).Answer
	}
	var changed struct {
		Info struct {
			ID string `json:"id"`
		} `json:"roomSystemInfo"`
	}
	alice.Post("/pod/v3/room/create", map[string]any{"name": "To be changed"}).Want(200).Into(&changed)
	for _, version := range []string{"v1", "v2", "v3"} {
		add("name", "line", func(value string) client.Answer { return room(version, map[string]any{"name": value + unique()}) })
		add("description", "prose", func(value string) client.Answer {
			return room(version, map[string]any{"name": unique(), "description": value})
		})
		path := "/pod/" + version + "/room/" + changed.Info.ID + "/update"
		add("name", "line", func(value string) client.Answer {
			return alice.Post(path, map[string]any{"name": value + unique()}).Answer
		})
		add("description", "prose", func(value string) client.Answer {
			return alice.Post(path, map[string]any{"description": value + unique()}).Answer
		})
		if version == "v1" {
			continue
		}
		for _, part := range []string{"key", "value"} {
			keyword := func(value string) []map[string]string {
				k := map[string]string{"key": "k", "value": unique()}
				k[part] = value
				return []map[string]string{k}
			}
			add("keyword", "line", func(value string) client.Answer {
				return room(version, map[string]any{"name": unique(), "keywords": keyword(value)})
			})
			add("keyword", "line", func(value string) client.Answer {
				return alice.Post(path, map[string]any{"keywords": keyword(value)}).Answer
			})
		}
	}

	// Shared articles.
	for name, kind := range map[string]string{
		"articleId": "identifier", "title": "line", "subTitle": "line", "message": "prose", "publisher": "line", "thumbnailUrl": "link", "author": "line", "articleUrl": "link",
		"summary": "prose", "appId": "identifier", "appName": "line", "appIconUrl": "link",
	} {
		add("content."+name, kind, func(value string) client.Answer {
			article := map[string]any{"articleId": "1", "title": "T", "publisher": "P", "author": "A", "appId": "a"}
			article[name] = value
			return alice.Post("/agent/v3/stream/"+changed.Info.ID+"/share", map[string]any{"type": "com.symphony.sharing.article", "content": article}).Answer
		})
	}

	// Applications.
	app := func(apply func(detail, info map[string]any, value string)) (create, update func(string) client.Answer) {
		made := func(id, value string) map[string]any {
			info := map[string]any{"name": "App", "publisher": "Acme"}
			if id != "" {
				info["appId"] = id
			}
			detail := map[string]any{"applicationInfo": info}
			apply(detail, info, value)
			return detail
		}
		return func(value string) client.Answer {
				return admin.Post("/pod/v1/admin/app/create", made("app-"+unique(), value)).Answer
			}, func(value string) client.Answer {
				id := "app-" + unique()
				admin.Post("/pod/v1/admin/app/create", map[string]any{"applicationInfo": map[string]any{"appId": id, "name": "App", "publisher": "Acme"}}).Want(200)
				return admin.Post("/pod/v1/admin/app/"+id+"/update", made("", value)).Answer
			}
	}
	for _, f := range []struct {
		field, kind string
		apply       func(detail, info map[string]any, value string)
	}{
		{"name", "line", func(_, info map[string]any, value string) { info["name"] = value }},
		{"publisher", "line", func(_, info map[string]any, value string) { info["publisher"] = value }},
		{"appUrl", "https", func(_, info map[string]any, value string) { info["appUrl"] = value }},
		{"iconUrl", "https", func(detail, _ map[string]any, value string) { detail["iconUrl"] = value }},
		{"description", "prose", func(detail, _ map[string]any, value string) { detail["description"] = value }},
		{"allowOrigins", "line", func(detail, _ map[string]any, value string) { detail["allowOrigins"] = value }},
		{"notification.url", "link", func(detail, _ map[string]any, value string) { detail["notification"] = map[string]any{"url": value} }},
		{"notification.apiKey", "line", func(detail, _ map[string]any, value string) { detail["notification"] = map[string]any{"apiKey": value} }},
		{"properties", "line", func(detail, _ map[string]any, value string) {
			detail["properties"] = []map[string]any{{"key": value, "value": "v"}}
		}},
		{"properties", "prose", func(detail, _ map[string]any, value string) {
			detail["properties"] = []map[string]any{{"key": "k", "value": value}}
		}},
	} {
		create, update := app(f.apply)
		add(f.field, f.kind, create)
		add(f.field, f.kind, update)
	}
	add("appId", "identifier", func(value string) client.Answer {
		return admin.Post("/pod/v1/admin/app/create", map[string]any{"applicationInfo": map[string]any{"appId": value + unique(), "name": "App", "publisher": "Acme"}}).Answer
	})
	for _, part := range []string{"name", "sku"} {
		add("product."+part, "line", func(value string) client.Answer {
			product := map[string]any{"appId": "acme-app", "name": unique(), "sku": "s", "subscribed": true, "type": "default"}
			product[part] = value
			return admin.Post(fmt.Sprintf("/pod/v1/admin/user/%d/app/entitlement/list", carol.ID),
				[]map[string]any{{"appId": "acme-app", "listed": true, "install": true, "products": []any{product}}}).Answer
		})
	}

	// Distribution lists.
	manager := p.Bot("lists", "GROUP_MANAGER")
	token := manager.AccessToken("profile-manager")
	group := func(method, path, tag string, body map[string]any) client.Answer {
		data, err := json.Marshal(body)
		if err != nil {
			t.Fatal(err)
		}
		request, err := http.NewRequest(method, p.URL+"/profile-manager/v1/groups"+path, bytes.NewReader(data))
		if err != nil {
			t.Fatal(err)
		}
		request.Header.Set("Authorization", "Bearer "+token)
		request.Header.Set("Content-Type", "application/json")
		if tag != "" {
			request.Header.Set("If-Match", tag)
		}
		answer, err := http.DefaultClient.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		defer answer.Body.Close()
		var read bytes.Buffer
		if _, err := read.ReadFrom(answer.Body); err != nil {
			t.Fatal(err)
		}
		return client.Answer{Status: answer.StatusCode, Header: answer.Header, Body: read.Bytes()}
	}
	list0 := func(name string, profile map[string]any) map[string]any {
		profile["displayName"] = orElse(profile["displayName"], "List")
		return map[string]any{"type": "SDL", "ownerType": "TENANT", "ownerId": 190, "name": name, "profile": profile}
	}
	var there struct {
		ID string `json:"id"`
	}
	if answer := group("POST", "", "", list0("There", map[string]any{})); json.Unmarshal(answer.Body, &there) != nil || there.ID == "" {
		t.Fatalf("%s", answer.Body)
	}
	add("name", "line", func(value string) client.Answer {
		return group("POST", "", "", list0(value+unique(), map[string]any{}))
	})
	add("name", "line", func(value string) client.Answer {
		return group("PUT", "/"+there.ID, "*", list0(value+unique(), map[string]any{}))
	})
	for _, name := range []string{
		"displayName", "companyName", "mobile", "jobTitle", "jobRole", "jobDepartment", "jobDivision", "jobPhone", "jobCity",
	} {
		add("profile."+name, "line", func(value string) client.Answer {
			return group("POST", "", "", list0(unique(), map[string]any{name: value}))
		})
		add("profile."+name, "line", func(value string) client.Answer {
			return group("PUT", "/"+there.ID, "*", list0("There", map[string]any{name: value}))
		})
	}
	for _, name := range []string{"industryOfInterest", "assetClassesOfInterest", "marketCoverage", "responsibility", "function", "instrument"} {
		add("profile."+name, "line", func(value string) client.Answer {
			return group("POST", "", "", list0(unique(), map[string]any{name: []string{"x", value}}))
		})
		add("profile."+name, "line", func(value string) client.Answer {
			return group("PUT", "/"+there.ID, "*", list0("There", map[string]any{name: []string{"x", value}}))
		})
	}

	// Single sign-on, links, files.
	for _, f := range []struct{ field, kind string }{
		{"idpEntityId", "uri"}, {"symphonyEntityId", "uri"}, {"idpSsoEndpoint", "https"}, {"symphonyAcsUrl", "link"},
	} {
		add(f.field, f.kind, func(value string) client.Answer {
			return admin.Post("/pod/v1/admin/sso/configuration", map[string]any{"ssoEnabled": false, f.field: value}).Answer
		})
	}
	return list
}

func orElse(value, other any) any {
	if value == nil {
		return other
	}
	return value
}

// unreadable lists what texts of a kind must not contain. Each is put before a valid text.
var unreadable = map[string][]string{
	"line": {
		"a\nb", "a\r\nb", "a\u2028b", "a\u0085b", "\x1b[31mred", "a\tb", "a\ab", "a\u202eb", "a\u202ab", "a\u2066b", "a\u200bb", "a\u2060b", "a\u00adb", "\ufeffab", "a\u3164b", "a\U000e0041b", "a\u200eb", "Ale\u200drts", "a\ufe0fb",
	},
	"identifier": {"a\nb", "\x1b[0m", "a\u202eb", "a\u200bb", "a\u00adb", "می\u200cخ", "👨\u200d👩", "❤\ufe0f", "a\u2800b"},
	"prose":      {"a\x1bb", "a\ab", "a\u0085b", "a\u202eb", "a\u202db", "a\u2066b\u2069", "a\x0bb", "a\x7fb"},
	"link": {
		"javascript:alert(1)", "JaVaScRiPt:alert(1)", " javascript:alert(1)", "java\nscript:alert(1)", "data:text/html,<b>", "data:image/png;base64,AAAA", "vbscript:x", "file:///etc/passwd",
		"https://news.example/\u202egpj.exe", "https://news.example/\nx", "//news.example", "https:alert(1)", "blob:https://x.example/1",
	},
	"uri": {"javascript:alert(1)", "data:text/html,x", "urn:a\u200bb", "urn:a b", "urn:a\u202eb"},
}

// readable lists what texts of a kind may contain.
var readable = map[string][]string{
	"line": {
		"José Ñúñez", "Łukasz 👩🏽\u200d💻", "می\u200cخواهم", "דוד בן־גוריון", "नरेन्द्र क्\u200dष", "தமிழ்", "田中 さくら", "葛\U000e0100城", "김철수", "Ёлка Њ", "Αλέξανδρος", "❤️ 🏳️\u200d🌈 🇩🇪 1️⃣", "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",
	},
	"identifier": {"jose", "José", "王小明", "Ёлка"},
	"prose":      {"a\nb\r\n\tc", "👨\u200d👩\u200d👧", "می\u200cخواهم", "a\u2028b"},
	"link":       {"https://news.example/a?b=c", "http://news.example:8080/"},
	"https":      {"https://news.example/a?b=c"},
	"uri":        {"https://idp.example/entity", "urn:example:idp"},
}

// TestTextsThatPeopleSee checks every text that people see. It is refused, with the name of its
// field, if it contains invisible characters, characters that change how it is read, or links that
// run code. Common texts are accepted.
func TestTextsThatPeopleSee(t *testing.T) {
	t.Parallel()
	p := podtest.Start(t)
	places := texts(t, p)
	if len(places) < 140 {
		t.Fatalf("only %d places", len(places))
	}
	for i, place := range places {
		bad := unreadable[place.kind]
		if place.kind == "https" {
			bad = unreadable["link"]
		}
		for _, value := range bad {
			answer := place.send(value)
			if answer.Status != 400 || !strings.Contains(strings.ToLower(string(answer.Body)), strings.ToLower(place.field)) {
				t.Errorf("%d %s: %+q: %d %s", i, place.field, value, answer.Status, answer.Body)
			}
		}
		for _, value := range readable[place.kind] {
			if answer := place.send(value); answer.Status/100 != 2 && !alike(place.field, answer) {
				t.Errorf("%d %s: %+q: %d %s", i, place.field, value, answer.Status, answer.Body)
			}
		}
	}
}

// alike reports whether a text was refused for another reason than its characters: some attributes
// have a list of values, and names that mix scripts have their own rule.
func alike(field string, answer client.Answer) bool {
	return strings.Contains(string(answer.Body), "one of these is expected") || strings.Contains(string(answer.Body), "mix") ||
		strings.Contains(string(answer.Body), "already")
}
