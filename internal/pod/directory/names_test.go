package directory_test

import (
	"fmt"
	"net/url"
	"strings"
	"testing"

	"podium/podtest"
)

// TestUserNamesCanBeLookedUp checks that every look-up finds an account by its user name, or that
// the name is refused.
func TestUserNamesCanBeLookedUp(t *testing.T) {
	t.Parallel()
	podtest.Each(t, func(t *testing.T, p *podtest.Pod) {
		admin, changed := p.Bot("acme-admin"), p.User("changed")
		n := 0
		create := func(version, name string) podtest.Answer {
			n++
			return admin.Post("/pod/"+version+"/admin/user/create", map[string]any{"userAttributes": map[string]any{
				"accountType": "NORMAL", "userName": name, "emailAddress": fmt.Sprintf("n%d@names.example", n), "firstName": "A", "lastName": "B", "displayName": "A B",
			}, "roles": []string{"INDIVIDUAL"}})
		}
		update := func(name string) podtest.Answer {
			return admin.Post(fmt.Sprintf("/pod/v2/admin/user/%d/update", changed.ID), map[string]any{"userName": name})
		}
		for _, name := range []string{
			"a,b", ",", "a，b", "null", "NULL", "None", "none", "undefined", "Undefined", "ｎｕｌｌ", ".", "..", "．", "a/b", "/", "a／b", " a", "a ", "\u00a0a", "a\u3000", "a\u2003", "‥",
		} {
			for _, answer := range []podtest.Answer{create("v1", name), create("v2", name), update(name)} {
				if answer.Status != 400 || !strings.Contains(string(answer.Body), "UserName: ") {
					t.Errorf("%+q: %d %s", name, answer.Status, answer.Body)
				}
			}
		}
		for _, name := range []string{
			"jane.doe", "jane@acme.example", "ACME\\jane", "a b", "a;b", "a&b=c", "a+b", "a%2Fb", "a?b#c", "...", "nullable", "undefined1", "anon", "-", "a'b\"c", "Zoë", "王小明", "דוד", "😀", "ﬁn", "1e3", "true", "0",
		} {
			create("v2", name).Want(200)
			for _, path := range []string{
				"/pod/v2/user?local=true&username=" + url.QueryEscape(name), "/pod/v3/users?local=true&username=" + url.QueryEscape(name),
				"/pod/v1/user/name/" + url.PathEscape(name) + "/get",
			} {
				answer := admin.Get(path)
				if answer.Status != 200 {
					t.Errorf("%q is not found by %s: %d %s", name, path, answer.Status, answer.Body)
				}
			}
		}
		// Names that differ in case, form or width are the same name.
		for _, name := range []string{"JANE.DOE", "zoe\u0308", "ｊａｎｅ.doe", "fin"} {
			if answer := create("v2", name); answer.Status != 400 || !strings.Contains(string(answer.Body), "already exists") {
				t.Errorf("%q: %d %s", name, answer.Status, answer.Body)
			}
		}
	})
}
