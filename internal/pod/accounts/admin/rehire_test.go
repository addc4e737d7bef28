package admin_test

import (
	"fmt"
	"net/url"
	"strings"
	"sync"
	"testing"

	"podium/podtest"
)

func aPerson(username, email string) map[string]any {
	return map[string]any{"userAttributes": map[string]any{
		"userName": username, "emailAddress": email, "displayName": username, "firstName": "Re", "lastName": "Hired",
	}}
}

// Of calls that ask for the address of a disabled account at the same moment, one gets it: accounts
// that are made, an account that is changed, and the disabled account itself that is enabled again.
// The others are refused.
func TestOneOfManyGetsAnAddressThatIsFree(t *testing.T) {
	t.Parallel()
	podtest.Each(t, func(t *testing.T, p *podtest.Pod) {
		admin := p.Bot("acme-admin")
		create := func(name, email string) int64 {
			var made detail
			admin.Post("/pod/v2/admin/user/create", aPerson(name, email)).Want(200).Into(&made)
			return made.UserSystemInfo.ID
		}
		status := func(id int64, to string) podtest.Answer {
			return admin.Post(fmt.Sprintf("/pod/v1/admin/user/%d/status/update", id), map[string]any{"status": to})
		}
		for round := range 20 {
			email := fmt.Sprintf("leaver%d@acme.example", round)
			leaver, other := create(fmt.Sprintf("leaver%d", round), email), create(fmt.Sprintf("other%d", round), "other-"+email)
			status(leaver, "DISABLED").Want(200)
			calls := []func() podtest.Answer{
				func() podtest.Answer { return status(leaver, "ENABLED") },
				func() podtest.Answer {
					return admin.Post("/pod/v2/admin/user/create", aPerson(fmt.Sprintf("new%d", round), email))
				},
				func() podtest.Answer {
					return admin.Post("/pod/v1/admin/user/create", aPerson(fmt.Sprintf("newer%d", round), strings.ToUpper(email)))
				},
				func() podtest.Answer {
					return admin.Post(fmt.Sprintf("/pod/v2/admin/user/%d/update", other), map[string]any{"emailAddress": email})
				},
			}
			answers := make([]podtest.Answer, len(calls))
			var running sync.WaitGroup
			for i, call := range calls {
				running.Go(func() { answers[i] = call() })
			}
			running.Wait()
			got := 0
			for _, answer := range answers {
				switch {
				case answer.Status == 200:
					got++
				case answer.Status != 400 || !strings.Contains(string(answer.Body), "already exists. The email address"):
					t.Errorf("round %d: %d %s", round, answer.Status, answer.Body)
				}
			}
			if got != 1 {
				t.Errorf("round %d: %d calls have got the address", round, got)
			}
			var found struct{ Users []struct{ ID int64 } }
			admin.Get("/pod/v3/users?active=true&local=true&email=" + email).Want(200).Into(&found)
			if len(found.Users) != 1 {
				t.Errorf("round %d: %d enabled accounts have the address", round, len(found.Users))
			}
		}
	})
}

// TestAnEnabledAccountOfAnotherCompanyComesBeforeADisabledOne checks the order of accounts with one
// address.
func TestAnEnabledAccountOfAnotherCompanyComesBeforeADisabledOne(t *testing.T) {
	t.Parallel()
	podtest.Each(t, func(t *testing.T, p *podtest.Pod) {
		admin, stranger := p.Bot("acme-admin"), p.Stranger("globex-admin")
		var own, theirs detail
		admin.Post("/pod/v2/admin/user/create", aPerson("mover", "mover@acme.example")).Want(200).Into(&own)
		stranger.Post("/pod/v2/admin/user/create", aPerson("mover", "mover@acme.example")).Want(200).Into(&theirs)
		look := func(query string) int64 {
			var found struct{ ID int64 }
			p.User("alice").Get("/pod/v2/user?email=mover@acme.example" + query).Want(200).Into(&found)
			return found.ID
		}
		if id := look(""); id != own.UserSystemInfo.ID {
			t.Errorf("%d comes first", id)
		}
		admin.Post(fmt.Sprintf("/pod/v1/admin/user/%d/status/update", own.UserSystemInfo.ID), map[string]any{"status": "DISABLED"}).Want(200)
		if id := look(""); id != theirs.UserSystemInfo.ID {
			t.Errorf("%d comes before the enabled account", id)
		}
		if id := look("&local=true"); id != own.UserSystemInfo.ID {
			t.Errorf("%d is of the own company", id)
		}
		var list struct{ Users []struct{ ID int64 } }
		p.User("alice").Get("/pod/v3/users?email=" + url.QueryEscape("mover@acme.example")).Want(200).Into(&list)
		if len(list.Users) != 2 || list.Users[0].ID != theirs.UserSystemInfo.ID || list.Users[1].ID != own.UserSystemInfo.ID {
			t.Errorf("%v", list.Users)
		}
	})
}
