package communityconnect_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"

	"podium/internal/db"
	"podium/podtest"
)

const scope = "community:accounts:onboard"

type created struct {
	CompanyID string
	Success   []struct {
		UserID         int64
		Username, Code string
	}
	Errors []struct{ Code, Message string }
}

func person(email string) string {
	return fmt.Sprintf(`{"companyName": "Initech", "users": [{"email": %q, "firstName": "Ann", "lastName": "Adams"}]}`, email)
}

// TestSponsoredOnce checks that of several requests at once for one person one creates the account,
// also where administrators create one with the address, and that one channel company is created.
func TestSponsoredOnce(t *testing.T) {
	t.Parallel()
	podtest.Each(t, func(t *testing.T, p *podtest.Pod) {
		create := podtest.Operation(t, "createSponsoredUsers")
		partners := []*podtest.User{p.Bot("partner-1", "USER_PROVISIONING"), p.Bot("partner-2", "USER_PROVISIONING"), p.Bot("partner-3", "USER_PROVISIONING")}
		admin := p.Bot("acme-admin")
		for n := range 5 {
			email := fmt.Sprintf("ann%d@initech.example", n)
			answers := make([]created, len(partners))
			var all sync.WaitGroup
			for i, u := range partners {
				all.Go(func() {
					u.Call(create, nil, []byte(person(email))).Want(http.StatusCreated).Into(&answers[i])
				})
			}
			made := 0
			all.Go(func() {
				answer := admin.Post("/pod/v2/admin/user/create", map[string]any{"userAttributes": map[string]any{
					"accountType": "NORMAL", "userName": email, "emailAddress": email, "firstName": "Ann", "lastName": "Adams", "displayName": "Ann",
				}})
				if answer.Status == http.StatusOK {
					made++
				}
			})
			all.Wait()
			for _, a := range answers {
				made += len(a.Success)
				for _, refused := range a.Errors {
					if refused.Code != "USER_ALREADY_EXISTS" {
						t.Errorf("refused with %s: %s", refused.Code, refused.Message)
					}
				}
			}
			if made != 1 {
				t.Errorf("%d accounts have the address %s", made, email)
			}
		}
		companies, err := db.Read(t.Context(), p.Inner.DB, func(tx *db.Tx) ([]int64, error) {
			return db.All(tx, db.ScanValue[int64], `SELECT id FROM channel_companies WHERE company = $1`, 190)
		})
		if err != nil || len(companies) > 1 {
			t.Errorf("there are the channel companies %v, %v", companies, err)
		}
	})
}

// TestSponsorsAreApart checks that another company's sponsored users and channel companies are
// unknown, and that it can sponsor people of the same company.
func TestSponsorsAreApart(t *testing.T) {
	t.Parallel()
	podtest.Each(t, func(t *testing.T, p *podtest.Pod) {
		ours, theirs := p.Bot("acme-admin"), p.Stranger("globex-admin")
		var first, second created
		ours.Call(podtest.Operation(t, "createSponsoredUsers"), nil, []byte(person("ann@initech.example"))).Want(http.StatusCreated).Into(&first)
		ann := map[string]string{"companyId": first.CompanyID, "userId": fmt.Sprint(first.Success[0].UserID)}
		for id, body := range map[string]string{
			"getSponsoredUser": "", "updateSponsoredUser": `{"title": "x"}`, "disableSponsoredUser": "", "addSponsoredUserRole": `{"id": "COMPLIANCE_OFFICER"}`,
		} {
			theirs.Call(podtest.Operation(t, id), ann, []byte(body)).Want(http.StatusNotFound)
		}
		theirs.Call(podtest.Operation(t, "searchSponsoredUser"), map[string]string{"email": "ann@initech.example"}, nil).Want(http.StatusNotFound)
		answer := theirs.Call(podtest.Operation(t, "getUserOnboardingAvailability"), map[string]string{"email": "ann@initech.example"}, nil).Want(http.StatusOK)
		if !strings.Contains(string(answer.Body), "AVAILABLE_FOR_ONBOARDING") {
			t.Errorf("another company learns of ours: %s", answer.Body)
		}
		theirs.Call(podtest.Operation(t, "createSponsoredUsers"), nil, []byte(person("ann@initech.example"))).Want(http.StatusCreated).Into(&second)
		if len(second.Success) != 1 || second.Success[0].Code != "USER_ADDED_NEW_COMPANY" || second.CompanyID == first.CompanyID {
			t.Errorf("another sponsor gets %+v", second)
		}
	})
}

// TestTokenInTheQuery checks that an access token in the query is accepted where that is published,
// and nowhere else, and that the header takes precedence.
func TestTokenInTheQuery(t *testing.T) {
	t.Parallel()
	p := podtest.Start(t)
	token := p.Bot("acme-admin").AccessToken(scope)
	other := p.Bot("acme-admin").AccessToken("profile-manager")
	for _, c := range []struct {
		path, header string
		want         int
	}{
		{"/connect-service/v1/onboarding/tenant?email=a@b.example&token=" + token, "", 200},
		{"/connect-service/v1/onboarding/tenant?email=a@b.example&token=" + other, "", 403},
		{"/connect-service/v1/onboarding/tenant?email=a@b.example&token=" + other, token, 200},
		{"/connect-service/v1/onboarding/tenant?email=a@b.example&token=", "", 401},
		{"/connect-service/v1/channelco/user?email=a@b.example&token=" + token, "", 401},
	} {
		request, err := http.NewRequestWithContext(context.Background(), http.MethodGet, p.URL+c.path, nil)
		if err != nil {
			t.Fatal(err)
		}
		if c.header != "" {
			request.Header.Set("Authorization", "Bearer "+c.header)
		}
		answer, err := http.DefaultClient.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		body, _ := io.ReadAll(answer.Body)
		answer.Body.Close()
		if answer.StatusCode != c.want {
			t.Errorf("%.60s: %d %s, expected %d", c.path, answer.StatusCode, body, c.want)
		}
		if ignored := answer.Header.Get("Podium-Ignored"); c.want == 200 && ignored != "" {
			t.Errorf("%.60s ignores %q", c.path, ignored)
		}
	}
}
