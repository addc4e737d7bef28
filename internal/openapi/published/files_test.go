package published

import (
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"

	"podium/internal/auth"
	"podium/internal/db"
	"podium/internal/op"
	"podium/internal/openapi"
)

// The tests in this file read the published files, if there are any.

// TestPrefixes checks our prefixes against those files that name one. Most do not.
func TestPrefixes(t *testing.T) {
	t.Parallel()
	if Load(t) == nil {
		return
	}
	said := 0
	for _, file := range files {
		doc, err := readFile(filepath.Join(os.Getenv(Folder), file.name))
		if err != nil {
			t.Fatal(err)
		}
		for _, server := range doc.Servers {
			address := server.URL
			if !strings.Contains(address, "://") && !strings.HasPrefix(address, "/") {
				address = "https://" + address // one file omits it
			}
			at, err := url.Parse(strings.NewReplacer("{", "", "}", "").Replace(address)) // a placeholder is no host
			if err != nil {
				t.Fatal(err)
			}
			said++
			if strings.TrimSuffix(at.Path, "/") != file.prefixes[0] {
				t.Errorf("%s is at %q, our list has %q", file.name, at.Path, file.prefixes)
			}
		}
	}
	if said < 6 {
		t.Errorf("only %d files say where they are", said)
	}
}

func TestFindPublished(t *testing.T) {
	t.Parallel()
	s := Load(t)
	if s == nil {
		return
	}
	for _, route := range []string{
		"POST /login/pubkey/authenticate", "POST /relay/pubkey/authenticate", "GET /pod/v1/podcert",
		"POST /sessionauth/v1/authenticate", "POST /keyauth/v1/authenticate", "POST /pod/v3/room/create",
		"GET /pod/v1/presence/feed/{feedId}/read", "GET /agent/v1/audittrail/privilegeduser",
		"GET /v5/users/apps/{app}", "PUT /profile-manager/v1/groups/{id}", "GET /pod/file_ext/v1/allowed_extensions",
	} {
		method, path, _ := strings.Cut(route, " ")
		if _, ok := s.Find(method, path); !ok {
			t.Errorf("%s is not found", route)
		}
	}
	for _, o := range s.operations {
		for _, segment := range o.segments {
			if strings.Contains(segment, "{") && !(strings.HasPrefix(segment, "{") && strings.HasSuffix(segment, "}")) {
				t.Errorf("%s: only a part of the segment %s is a parameter", o.Path, segment)
			}
		}
		if found, ok := s.Find(o.Method, o.Path); !ok || found != o {
			t.Errorf("%s %s is not found as itself", o.Method, o.Path)
		}
		for status, response := range o.Responses.Map() {
			for _, media := range response.Value.Content {
				if media.Schema != nil && media.Schema.Value == nil {
					t.Errorf("%s %s: the schema of %s is not resolved", o.Method, o.Path, status)
				}
			}
		}
	}
}

func TestValidatePublished(t *testing.T) {
	t.Parallel()
	s := Load(t)
	if s == nil {
		return
	}
	for _, test := range []struct {
		method, path string
		status       int
		body         string
		wrong        bool
	}{
		{"POST", "/login/pubkey/authenticate", 200, `{"token": "x", "name": "sessionToken", "authorizationToken": "Bearer y"}`, false},
		{"POST", "/login/pubkey/authenticate", 200, `{"token": 1, "name": "sessionToken"}`, true},
		{"POST", "/relay/pubkey/authenticate", 401, `{"code": 401, "message": "Unauthorized"}`, false},
		{"POST", "/login/pubkey/authenticate", 400, `{"code": 400, "message": "Malformed"}`, false},
		{"POST", "/login/pubkey/authenticate", 400, `{"code": "400"}`, true},
		{"GET", "/v5/users/apps/mine", 200, `{"users": [{"userId": 13056700579859, "listed": true}], "page": {}}`, false},
		{"GET", "/v5/users/apps/mine", 200, `{"users": [{"userId": "13056700579859"}], "page": {}}`, true},
		{"GET", "/pod/file_ext/v1/allowed_extensions", 200, `{"data": [], "paging": {"cursors": {"before": "a"}}}`, false},
		{"GET", "/pod/file_ext/v1/allowed_extensions", 200, `{"data": [], "paging": 7}`, true},
	} {
		err := s.ValidateResponse(test.method, test.path, test.status, []byte(test.body))
		if (err != nil) != test.wrong {
			t.Errorf("%s %s: %d %s: %v", test.method, test.path, test.status, test.body, err)
		}
	}
}

func TestMend(t *testing.T) {
	t.Parallel()
	const document = "paths: {}\ncomponents: {schemas: {AppUser: {type: object, required: [userId, %s], properties: {%s: {type: boolean}}}}}\n"
	slipped := parse(t, fmt.Sprintf(document, "visible", "listed"))
	if err := mend("users-api-public.yaml", slipped); err != nil {
		t.Error(err)
	}
	if required := slipped.Components.Schemas["AppUser"].Value.Required; !slices.Equal(required, []string{"userId"}) {
		t.Errorf("it requires %q", required)
	}
	for _, gone := range []string{fmt.Sprintf(document, "visible", "visible"), fmt.Sprintf(document, "listed", "listed"), "paths: {}\ncomponents: {schemas: {}}\n"} {
		if err := mend("users-api-public.yaml", parse(t, gone)); err == nil {
			t.Errorf("a slip is mended that is not there: %s", gone)
		}
	}
}

// desk is a chapter of this test: its login lacks parts of the published one.
type desk struct{}

type deskInput struct {
	Body struct {
		Token string `json:"token" maxLength:"100"`
	}
}

type deskToken struct {
	Name  string `json:"name"`
	Token int    `json:"token"`
}

func TestComparePublished(t *testing.T) {
	t.Parallel()
	s := Load(t)
	if s == nil {
		return
	}
	ours := op.Bind(&desk{}, op.Operation[desk]{
		ID: "login", Route: "POST /login/pubkey/authenticate", Tag: "T", Summary: "S.", Needs: auth.Anyone, Also: []int{401},
		Handle: op.Read(func(*desk, *db.Tx, auth.Caller, deskInput) (out deskToken, err error) { return out, nil }),
	})
	got := s.Compare(openapi.Describe(ours, openapi3.Info{}))
	want := []Difference{
		"POST /login/pubkey/authenticate: response field authorizationToken: missing",
		"POST /login/pubkey/authenticate: response field token: integer, published string",
	}
	if !slices.Equal(got, want) {
		t.Errorf("is\n%q\nshould be\n%q", got, want)
	}
}
