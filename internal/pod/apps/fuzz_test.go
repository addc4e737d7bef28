package apps_test

import (
	"context"
	"testing"

	"podium/podtest"
)

// read is what holds for a user.
func read(t *testing.T, by, about *podtest.User) string {
	t.Helper()
	answer, err := by.Client.Do(context.Background(), "GET", userPath(about), nil)
	if err != nil || answer.Status != 200 {
		t.Fatal(err, answer.Status)
	}
	return string(answer.Body)
}

// Whatever is sent to PATCH is taken, or is refused as what is wrong; what is refused changes nothing.
func FuzzPatch(f *testing.F) {
	for _, body := range []string{
		`[{"appId":"acme-app","listed":"REMOVE","install":"TRUE","product":{"name":"P","subscribed":true,"type":"premium"}}]`,
		`[{"appId":"acme-app","listed":true,"install":false,"products":[{"name":"P","subscribed":true,"type":"default"}]}]`,
		`[{"appId":"acme-app","listed":1}]`, `[{"appId":"acme-app","install":"\"\""}]`, `[null]`, `{}`, `[]`, `[{"appId":"acme-app","products":[null]}]`,
		`[{"appId":"acme-app","listed":{}}]`, `[{"appId":"acme-app","install":["TRUE"]}]`, `[{"appId":"no-app"}]`, `[{"appId":1}]`,
	} {
		f.Add(body)
	}
	p := podtest.Start(f)
	admin, carol := p.Bot("acme-admin"), p.User("carol")
	f.Fuzz(func(t *testing.T, body string) {
		before := read(t, admin, carol)
		status, answer := patch(t, admin, carol, body)
		switch status {
		case 200:
		case 400:
			if after := read(t, admin, carol); after != before {
				t.Errorf("%q is refused, and changes %s to %s", body, before, after)
			}
		default:
			t.Errorf("%q: %d %s", body, status, answer)
		}
	})
}
