package main_test

import (
	"path/filepath"
	"strings"
	"testing"

	"podium/internal/db/dbtest"
)

// on returns a command line about a company of a database.
func on(t *testing.T, database string, words ...string) result {
	t.Helper()
	return run(t, append(words, "--database", database, "--company", "1")...)
}

// printed returns the id that a command prints.
func printed(t *testing.T, r result) string {
	t.Helper()
	id := strings.TrimSpace(r.want(0).stdout)
	if len(id) != 24 {
		t.Fatalf("it prints %q, which is no id", r.stdout)
	}
	return id
}

// table returns what a command lists, a line each, words apart by one space.
func table(t *testing.T, r result) string {
	t.Helper()
	var lines []string
	for line := range strings.Lines(r.want(0).stdout) {
		lines = append(lines, strings.Join(strings.Fields(line), " "))
	}
	return strings.Join(lines[1:], "\n")
}

// Groups and policies are made, changed and removed, and what cannot be is said.
func TestBarrierCommands(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, kind dbtest.Kind) {
		database := dbtest.URL(t, kind)
		company(t, database, 1, "Acme")
		company(t, database, 2, "Globex")
		people := filepath.Join(t.TempDir(), "people.csv")
		write(t, people, "userName,email,displayname,firstname,lastname\nann,ann@acme.example,Ann,Ann,Ash\nben,ben@acme.example,Ben,Ben,Birch\n")
		on(t, database, "users", "import", people).want(0)

		research := printed(t, on(t, database, "barrier", "group", "create", "--name", "Research"))
		trading := printed(t, on(t, database, "barrier", "group", "create", "--name", "Trading"))
		on(t, database, "barrier", "group", "create", "--name", "RESEARCH").fails(1, `there is a group named "RESEARCH" already`)
		on(t, database, "barrier", "group", "create", "--name", " ").fails(1, "a group needs a name")
		on(t, database, "barrier", "group", "rename", "--id", trading, "--name", "Research").fails(1, "already")
		on(t, database, "barrier", "group", "rename", "--id", trading, "--name", "Desk").want(0)
		on(t, database, "barrier", "group", "add", "--id", research, "ann", "ben").want(0)
		on(t, database, "barrier", "group", "add", "--id", trading, "ben", "zoe").fails(1, "company 1 has no user zoe")
		on(t, database, "barrier", "group", "add", "--id", trading, "ben", "17").fails(1, "17: User not found")
		on(t, database, "barrier", "group", "add", "--id", trading, "ann").want(0) // the failed call added no user
		on(t, database, "barrier", "group", "remove", "--id", research, "ann").want(0)
		on(t, database, "barrier", "group", "remove", "--id", research, "ann").fails(1, "ann: User not in group")

		policy := printed(t, on(t, database, "barrier", "policy", "create", "--group", research, "--group", trading, "--no-active"))
		on(t, database, "barrier", "policy", "create", "--group", research).fails(1, "groups: between 2 and")
		on(t, database, "barrier", "policy", "create", "--group", research, "--group", strings.Repeat("0", 24)).fails(1, "there is no group 000000000000000000000000")
		want := research + " Research 1 " + policy + "\n" + trading + " Desk 1 " + policy
		if got := table(t, on(t, database, "barrier", "group", "list")); got != want {
			t.Errorf("groups:\n%s\nnot\n%s", got, want)
		}
		want = policy + " BLOCK no " + research + " " + trading
		if got := table(t, on(t, database, "barrier", "policy", "list")); got != want {
			t.Errorf("policies:\n%s\nnot\n%s", got, want)
		}
		on(t, database, "barrier", "policy", "activate", "--id", policy).want(0)
		if got := table(t, on(t, database, "barrier", "policy", "list")); !strings.Contains(got, " yes ") {
			t.Errorf("the policy is not active: %s", got)
		}
		on(t, database, "barrier", "policy", "deactivate", "--id", policy).want(0)
		on(t, database, "barrier", "policy", "activate", "--id", research).fails(1, "Policy not found")

		// Another company has none of them.
		run(t, "barrier", "group", "delete", "--database", database, "--company", "2", "--id", research).fails(1, "Group not found")
		run(t, "barrier", "group", "list", "--database", database, "--company", "3").fails(1, "there is no company 3")

		on(t, database, "barrier", "group", "delete", "--id", research).fails(1, "policies name the group")
		on(t, database, "barrier", "policy", "delete", "--id", policy).want(0)
		on(t, database, "barrier", "group", "delete", "--id", research).want(0)
		if got, want := table(t, on(t, database, "barrier", "group", "list")), trading+" Desk 1"; got != want {
			t.Errorf("groups:\n%s\nnot\n%s", got, want)
		}
	})
}
