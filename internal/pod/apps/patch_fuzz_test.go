package apps

import (
	"encoding/json"
	"errors"
	"testing"
	"unicode/utf8"

	"podium/internal/apierr"
)

// FuzzPatch checks that any patch is refused as invalid, or names each application once with valid
// choices.
func FuzzPatch(f *testing.F) {
	for _, body := range []string{
		`[{"appId":"acme-app","listed":"REMOVE","install":"TRUE","product":{"name":"P","subscribed":true,"type":"premium"}}]`,
		`[{"appId":"acme-app","listed":true,"install":false,"products":[{"name":"P","subscribed":true,"type":"default"}]}]`,
		`[{"appId":"acme-app","listed":1}]`, `[{"appId":"acme-app","install":"\"\""}]`, `[null]`, `{}`, `[]`, `[{"appId":"acme-app","products":[null]}]`,
		`[{"appId":"acme-app","listed":{}}]`, `[{"appId":"acme-app","install":["TRUE"]}]`, `[{"appId":"a"},{"appId":"a"}]`, `[{"appId":1}]`,
		`[{"appId":"a","install":"","product":{"appId":"b","name":"P","sku":"S","subscribed":null,"type":"premium"}}]`,
	} {
		f.Add(body)
	}
	f.Fuzz(func(t *testing.T, body string) {
		var in patchInput
		if json.Unmarshal([]byte(body), &in.Body) != nil {
			return // the frame refuses it
		}
		if err := in.Validate(); err != nil {
			var refused *apierr.Error
			if !errors.As(err, &refused) || refused.Kind != apierr.KindInvalid || refused.Message == "" {
				t.Errorf("%q: %v", body, err)
			}
			return
		}
		seen := map[string]bool{}
		for _, p := range in.Body {
			if p.AppID == "" || seen[p.AppID] {
				t.Errorf("%q: application %q passes", body, p.AppID)
			}
			seen[p.AppID] = true
			checkApplied(t, body, p.Listed)
			checkApplied(t, body, p.Install)
			for _, product := range kept(p.AppID, p.products()) {
				name := utf8.RuneCountInString(product.Name)
				if product.AppID != p.AppID || name < 1 || name > 50 || product.Type != "default" && product.Type != "premium" {
					t.Errorf("%q: %+v passes", body, product)
				}
			}
		}
	})
}

// checkApplied compares the new value with the choice.
func checkApplied(t *testing.T, body string, c Choice) {
	t.Helper()
	before := new(bool)
	after := c.apply(before)
	switch c {
	case yes, no:
		if after == nil || *after != (c == yes) {
			t.Errorf("%q: %s becomes %v", body, c, after)
		}
	case remove:
		if after != nil {
			t.Errorf("%q: REMOVE leaves %v", body, *after)
		}
	case keep, "":
		if after != before {
			t.Errorf("%q: KEEP changes", body)
		}
	default:
		t.Errorf("%q: the choice %q passes", body, c)
	}
}
