// Package podium holds the tests of the house as a whole: which package may stand on which, and
// that what is generated is up to date.
package podium_test

import (
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// floors lists every package, from the ground up. A package imports only from floors below its
// own. Adding one here is the moment to think on which floor it belongs.
var floors = [][]string{
	{"internal/apierr", "internal/notify", "internal/jose", "internal/oidc", "internal/front", "internal/picture", "internal/private", "internal/scan", "internal/encode",
		"internal/messageml/jsontree", "internal/messageml/xmltree", "internal/messageml/emoji", "internal/static"},
	{"internal/wire", "internal/messageml/freemarker", "internal/messageml/forms", "internal/blob"},
	{"internal/messageml"},
	{"internal/wording"},
	{"internal/auth", "internal/db/lock", "internal/db/portable", "internal/db/engine"},
	{"internal/db/migrations"},
	{"internal/db/sqlite", "internal/db/postgres"},
	{"internal/db"},
	{"internal/follow"},
	{"internal/journal", "internal/op"},
	{"internal/openapi", "internal/openapi/published", "internal/client", "internal/journal/seal", "internal/backup"},
	{"internal/transcript", "internal/demobot", "internal/pod/dlp/match"},
	{"internal/pod/companies", "internal/pod/certs", "internal/pod/audit", "internal/pod/agent", "internal/pod/nodehealth"},
	{"internal/pod/accounts/terms", "internal/pod/accounts/features", "internal/pod/accounts/passwords"},
	{"internal/pod/accounts"},
	{"internal/pod/profiles"},
	{"internal/pod/directory"},
	{"internal/pod/accounts/admin"},
	{"internal/pod/apps", "internal/pod/barriers", "internal/pod/disclaimers", "internal/pod/settings", "internal/pod/sso", "internal/pod/accounts/bulk",
		"internal/pod/dlp", "internal/pod/communityconnect"},
	{"internal/pod/inspector", "internal/pod/session", "internal/pod/connections", "internal/pod/groups", "internal/pod/signals"},
	{"internal/pod/streams", "internal/pod/presence", "internal/pod/messages/files", "internal/pod/signin"},
	{"internal/pod/streams/roomindex", "internal/pod/streams/listings", "internal/pod/streams/facts", "internal/pod/streams/admission",
		"internal/pod/messages/message"},
	{"internal/pod/happenings"},
	{"internal/pod/streams/lifecycle", "internal/pod/streams/ims", "internal/pod/messages", "internal/pod/messages/search",
		"internal/pod/messages/clients", "internal/pod/dlp/violations"},
	{"internal/pod/feeds/event", "internal/pod/messages/receipts", "internal/pod/contentexport", "internal/pod/retention"},
	{"internal/pod/feeds"},
	{"internal/pod/streams/rooms", "internal/pod/streams/members"},
	{"internal/pod/streams/roomsearch"},
	{"internal/pod"},
	{"internal/pod/seed"},
	{"podtest", "console"},
	{"cmd/podium", "bench", "e2e/messageml"},
}

// helpers stand beside the house: packages and commands that only tests use.
var helpers = []string{
	"internal/db/dbtest", "internal/db/dbtest/throwaway", "internal/db/dbtest/withpostgres",
	"internal/notify/natstest",
}

func TestFloors(t *testing.T) {
	t.Parallel()
	floor := make(map[string]int)
	for i, packages := range floors {
		for _, p := range packages {
			floor["podium/"+p] = i
		}
	}
	for _, line := range list(t, "-f", "{{.ImportPath}} {{join .Imports \" \"}}", "./...") {
		path, imports, _ := strings.Cut(line, " ")
		if slices.Contains(helpers, strings.TrimPrefix(path, "podium/")) || path == "podium" {
			continue
		}
		own, ok := floor[path]
		if !ok {
			t.Errorf("%s is on no floor: add it to this test", path)
			continue
		}
		for imported := range strings.FieldsSeq(imports) {
			if !strings.HasPrefix(imported, "podium/") {
				continue
			}
			below, ok := floor[imported]
			if slices.Contains(helpers, strings.TrimPrefix(imported, "podium/")) {
				ok, below = path == "podium/podtest", -1 // it starts pods on throw-away databases
			}
			if !ok || below >= own {
				t.Errorf("%s imports %s, which is not below it", path, imported)
			}
		}
	}
}

// Drivers of databases are known in one place, and HTTP in few.
func TestWhoKnowsWhat(t *testing.T) {
	t.Parallel()
	allowed := map[string][]string{
		"modernc.org/sqlite":           {"podium/internal/db/sqlite"},
		"github.com/jackc/pgx/v5":      {"podium/internal/db/postgres", "podium/internal/db/dbtest", "podium/internal/db/dbtest/throwaway"},
		"github.com/nats-io/nats.go":   {"podium/internal/notify"},
		"github.com/alecthomas/kong":   {"podium/cmd/podium"},
		"github.com/minio/minio-go/v7": {"podium/internal/blob"},
		"github.com/golang-jwt/jwt/v5": {"podium/internal/jose", "podium/internal/client"},
		"github.com/getkin/kin-openapi/openapi3": {
			"podium/internal/openapi", "podium/internal/openapi/published", "podium/internal/pod",
		},
	}
	for _, line := range list(t, "-f", "{{.ImportPath}} {{join .Imports \" \"}}", "./...") {
		path, imports, _ := strings.Cut(line, " ")
		if path == "podium/bench" {
			continue // its ceilings are bare drivers
		}
		for imported := range strings.FieldsSeq(imports) {
			if who, ok := allowed[imported]; ok && !slices.Contains(who, path) {
				t.Errorf("%s imports %s", path, imported)
			}
		}
		if strings.HasPrefix(path, "podium/internal/pod/") && slices.Contains(strings.Fields(imports), "net/http") {
			t.Errorf("%s imports net/http: a chapter gets all of a request from the frame", path)
		}
	}
}

func list(t *testing.T, args ...string) []string {
	t.Helper()
	out, err := exec.Command("go", append([]string{"list"}, args...)...).Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	return strings.Split(strings.TrimSpace(string(out)), "\n")
}
