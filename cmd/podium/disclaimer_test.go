package main_test

import (
	"path/filepath"
	"strings"
	"testing"

	"podium/internal/db/dbtest"
)

// Disclaimers are made and changed; what is not given stays as it is, and of several only one is
// the default one.
func TestDisclaimerCommands(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, kind dbtest.Kind) {
		database := dbtest.URL(t, kind)
		company(t, database, 1, "Acme")
		text := filepath.Join(t.TempDir(), "house.txt")
		write(t, text, "Conversations are recorded.\n")
		house := printed(t, on(t, database, "disclaimer", "create", "--name", "House", "--content", "@"+text, "--default"))
		other := printed(t, on(t, database, "disclaimer", "create", "--name", "Research", "--content", "For clients only.", "--frequency", "168"))
		lists := func(want ...string) {
			t.Helper()
			if got := table(t, on(t, database, "disclaimer", "list")); got != strings.Join(want, "\n") {
				t.Errorf("disclaimers:\n%s\nnot\n%s", got, strings.Join(want, "\n"))
			}
		}
		lists(house+" House 24h yes yes", other+" Research 168h no yes")
		on(t, database, "disclaimer", "update", "--id", other, "--default", "--name", "Desk").want(0)
		lists(house+" House 24h no yes", other+" Desk 168h yes yes")
		on(t, database, "disclaimer", "update", "--id", other, "--no-active").fails(1, "an inactive disclaimer cannot be the default one")
		on(t, database, "disclaimer", "update", "--id", other, "--no-active", "--no-default", "--frequency", "1").want(0)
		lists(house+" House 24h no yes", other+" Desk 1h no no")
		on(t, database, "disclaimer", "update", "--id", strings.Repeat("0", 24), "--name", "x").fails(1, "company 1 has no disclaimer 000000000000000000000000")
		on(t, database, "disclaimer", "create", "--name", "Empty", "--content", " ").fails(1, "content:")
		on(t, database, "disclaimer", "create", "--name", "Never", "--content", "x", "--frequency", "0").fails(1, "frequency:")
		on(t, database, "disclaimer", "create", "--name", "No file", "--content", "@"+text+".none").want(2)
		run(t, "disclaimer", "create", "--database", database, "--company", "2", "--name", "x", "--content", "x").fails(1, "there is no company 2")
	})
}
