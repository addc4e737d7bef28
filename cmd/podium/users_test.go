package main_test

import (
	"encoding/csv"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"podium/internal/db/dbtest"
)

// An import that is killed anywhere is carried on by the same command: each row has one verdict and
// one account, and what was exported is what was imported.
func TestImportIsKilled(t *testing.T) {
	t.Parallel()
	const people = 6000
	dbtest.Each(t, func(t *testing.T, kind dbtest.Kind) {
		database := dbtest.URL(t, kind)
		company(t, database, 1, "Acme")
		folder := t.TempDir()
		file, results := filepath.Join(folder, "people.csv"), filepath.Join(folder, "people.csv.result.csv")
		var text strings.Builder
		text.WriteString("User Name;E-mail;First name;Last name\r\n")
		for i := range people {
			fmt.Fprintf(&text, "person-%d;person-%d@acme.example;Zo\xe9;Number %d\r\n", i, i, i) // as spreadsheets write it
		}
		write(t, file, text.String())
		args := []string{"users", "import", file, "--database", database, "--company", "1"}

		for lives, size := 0, int64(0); lives < 4; lives++ {
			p := start(t, args...)
			eventually(t, "verdicts are written", func() bool {
				info, err := os.Stat(results)
				select {
				case <-p.ended:
					return true
				default:
					return err == nil && info.Size() > size
				}
			})
			p.kill()
			if info, err := os.Stat(results); err == nil {
				size = info.Size()
			}
		}
		said := run(t, args...).want(0)
		if !strings.Contains(said.stderr, fmt.Sprintf("%d created", people)) {
			t.Errorf("it says %q", said.stderr)
		}
		records, err := csv.NewReader(strings.NewReader(read(t, results))).ReadAll()
		if err != nil || len(records) != people+1 {
			t.Fatalf("%d verdicts: %v", len(records)-1, err)
		}
		ids := make(map[string]bool)
		for n, record := range records[1:] {
			if record[0] != strconv.Itoa(n+1) || record[3] != "created" || ids[record[4]] {
				t.Fatalf("verdict %d: %q", n+1, record)
			}
			ids[record[4]] = true
		}
		exported := run(t, "users", "export", "--database", database, "--company", "1", "--format", "jsonl").want(0).stdout
		if n := strings.Count(exported, "\n"); n != people || !strings.Contains(exported, `"firstName":"Zoé"`) {
			t.Errorf("%d accounts are exported, such as %.300s", n, exported)
		}
	})
}

// What cannot be imported is said, by the exit code too.
func TestImportRefuses(t *testing.T) {
	t.Parallel()
	database := filepath.Join(t.TempDir(), "podium.db")
	company(t, database, 1, "Acme")
	file := filepath.Join(t.TempDir(), "people.csv")
	command := func(extra ...string) result {
		return run(t, append([]string{"users", "import", file, "--database", database, "--company", "1"}, extra...)...)
	}
	write(t, file, "userName,email,displayname,firstname,lastname\nann,ann@acme.example,Ann,Ann,Ash\nben,ben,Ben,Ben,Birch\n")
	if r := command("--dry-run").want(1); !strings.Contains(r.stderr, "1 valid, 1 refused") || !strings.Contains(r.stderr, "1 rows were refused") {
		t.Errorf("it says %q", r.stderr)
	}
	if verdicts := read(t, file+".dry-run.csv"); !strings.Contains(verdicts, "2,3,ben,refused,,emailAddress: ") {
		t.Errorf("the verdicts: %s", verdicts)
	}
	if exists(file + ".result.csv") {
		t.Error("a dry run writes the file of an import")
	}
	command("--company", "2").fails(1, "there is no company 2")
	write(t, file, "userName,email,shoe size\n")
	command().fails(1, `there is no column "shoe size"`)
	run(t, "users", "import", filepath.Join(t.TempDir(), "none.csv"), "--database", database, "--company", "1").want(2)
}
