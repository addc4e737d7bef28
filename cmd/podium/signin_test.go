package main_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"podium/internal/db/dbtest"
)

// loginLink matches what podium login-link prints: the code is behind #, which browsers send to no
// server.
var loginLink = regexp.MustCompile(`^https://pod\.acme\.test/#/signin/[A-Za-z0-9_-]{43}\n$`)

func TestLoginLinkCommand(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, kind dbtest.Kind) {
		database := dbtest.URL(t, kind)
		run(t, "company", "create", "--database", database, "--id", "190", "--name", "Acme", "--host", "pod.acme.test").want(0)
		run(t, "admin", "create", "--database", database, "--company", "190", "--username", "admin", "--email", "admin@acme.example", "--public-key", publicKey(t)).want(0)
		one := run(t, "login-link", "--database", database, "190", "admin").want(0)
		two := run(t, "login-link", "--database", database, "190", "admin").want(0)
		if !loginLink.MatchString(one.stdout) || one.stdout == two.stdout {
			t.Errorf("the links are %q and %q", one.stdout, two.stdout)
		}
		at := run(t, "login-link", "--database", database, "--address", "http://127.0.0.1:8080/", "190", "admin").want(0)
		if !strings.HasPrefix(at.stdout, "http://127.0.0.1:8080/#/signin/") {
			t.Errorf("the link is %q", at.stdout)
		}
		run(t, "login-link", "--database", database, "--address", "pod.acme.test", "190", "admin").fails(2, "address")
		run(t, "login-link", "--database", database, "190", "zoe").fails(1, "zoe")
		run(t, "login-link", "--database", database, "191", "admin").fails(1, "191")
		run(t, "login-link", "--data", t.TempDir(), "190", "admin").fails(1, "podium dev")
	})
}

func TestCompanyOIDCCommand(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, kind dbtest.Kind) {
		database := dbtest.URL(t, kind)
		secret := filepath.Join(t.TempDir(), "secret")
		if err := os.WriteFile(secret, []byte("the secret\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		run(t, "company", "create", "--database", database, "--id", "190", "--name", "Acme").want(0)
		oidc := func(flags ...string) result {
			return run(t, append([]string{"company", "oidc", "--database", database, "--id"}, flags...)...)
		}
		oidc("190", "--issuer", "https://login.example", "--client-id", "podium", "--client-secret", secret).want(0)
		oidc("190", "--issuer", "http://login.example", "--client-id", "podium", "--client-secret", secret).fails(1, "https://")
		oidc("190", "--issuer", "https://login.example", "--client-id", "podium").fails(2, "--client-secret")
		oidc("190", "--issuer", "https://login.example", "--client-id", "podium", "--client-secret", secret, "--match", "phone").fails(2, "--match")
		oidc("191", "--issuer", "https://login.example", "--client-id", "podium", "--client-secret", secret).fails(1, "191")
		oidc("190", "--off").want(0)
		oidc("190", "--off").fails(1, "no provider")
	})
}
