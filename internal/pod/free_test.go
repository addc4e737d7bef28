package pod_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"podium/internal/pod"
	"podium/podtest"
)

// TestNamesOfAnotherCompanyAreFree checks that names, addresses and ids used in another company are
// free in this one. The answer is that for unused ones, so that it reveals nothing.
func TestNamesOfAnotherCompanyAreFree(t *testing.T) {
	t.Parallel()
	podtest.Each(t, func(t *testing.T, p *podtest.Pod) {
		_, leaf := certificates(t, time.Now())
		requests := []struct{ operation, body string }{
			{"createUser", `{"userAttributes": {"accountType": "NORMAL", "userName": "TAKEN", "emailAddress": "TAKEN@x.example", "firstName": "F", "lastName": "L", "displayName": "TAKEN"}, "roles": ["INDIVIDUAL"]}`},
			{"createUserV1", `{"userAttributes": {"accountType": "NORMAL", "userName": "TAKEN-1", "emailAddress": "TAKEN-1@x.example", "firstName": "F", "lastName": "L", "displayName": "TAKEN"}, "roles": ["INDIVIDUAL"]}`},
			{"createApplication", `{"applicationInfo": {"appId": "TAKEN-app", "name": "TAKEN", "publisher": "P"}}`},
			{"createRoom", `{"name": "TAKEN room", "description": "d"}`},
			{"createRoomV2", `{"name": "TAKEN room 2", "description": "d", "discoverable": true, "public": true}`},
			{"insertGroup", `{"type": "SDL", "ownerType": "TENANT", "ownerId": COMPANY, "name": "TAKEN", "profile": {"displayName": "TAKEN"}}`},
			{"createCompanyCert", `{"pem": "` + leaf + `", "attributes": {"name": "TAKEN", "type": {"type": "USER"}}}`},
			{"setSsoConfiguration", `{"ssoEnabled": false, "idpEntityId": "https://TAKEN.example", "idpSsoEndpoint": "https://TAKEN.example/sso"}`},
			{"allowProtocol", `{"scheme": "taken"}`},
			{"setFileExtension", `{"extension": ".TAKEN", "scope_internal": true}`},
		}
		theirs, ours := p.Stranger("globex-admin"), p.Bot("acme-admin")
		for _, r := range requests {
			ask := func(u *podtest.User, company int, word string) (int, string) {
				for _, o := range pod.Catalogue() {
					if o.ID == r.operation {
						body := strings.NewReplacer("TAKEN", word, "COMPANY", fmt.Sprint(company)).Replace(r.body)
						answer := u.Call(o, extension(o.Path, word), []byte(body))
						return answer.Status, shape(answer.Body)
					}
				}
				t.Fatalf("there is no operation %s", r.operation)
				return 0, ""
			}
			first, told := ask(theirs, 191, "theirs")
			if first/100 != 2 && r.operation != "setSsoConfiguration" {
				t.Errorf("%s: the other company gets %d %s", r.operation, first, told)
			}
			status, text := ask(ours, 190, "theirs")
			if status != first || text != told {
				t.Errorf("%s: %d %s, of an unused one %d %s", r.operation, status, text, first, told)
			}
		}
	})
}

func extension(path, word string) map[string]string {
	if strings.Contains(path, "{extension}") {
		return map[string]string{"extension": "." + word}
	}
	return nil
}

// shape returns the names of an answer's members, and the message of a refusal.
func shape(body []byte) string {
	var members map[string]any
	if json.Unmarshal(body, &members) != nil {
		return ""
	}
	var names []string
	for name := range members {
		names = append(names, name)
	}
	if message, ok := members["message"]; ok {
		return fmt.Sprint(message)
	}
	return fmt.Sprint(len(names))
}
