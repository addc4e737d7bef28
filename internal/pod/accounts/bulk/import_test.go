package bulk_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"podium/internal/db"
	"podium/internal/pod/accounts"
	"podium/internal/pod/accounts/bulk"
	"podium/internal/wire"
	"podium/podtest"
)

const acme = wire.CompanyID(190)

// imported runs an import of a CSV text and returns its verdicts.
func imported(t *testing.T, p *podtest.Pod, text string, change func(*bulk.Import)) []bulk.Verdict {
	t.Helper()
	var verdicts []bulk.Verdict
	i := newImport(t, p, text)
	i.Verdicts = func(some []bulk.Verdict) error {
		verdicts = append(verdicts, some...)
		return nil
	}
	if change != nil {
		change(&i)
	}
	if err := i.Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	return verdicts
}

func newImport(t *testing.T, p *podtest.Pod, text string) bulk.Import {
	return bulk.Import{
		DB: p.Inner.DB, Accounts: p.Inner.Accounts, Company: acme, Digest: fmt.Sprintf("%x", sha256.Sum256([]byte(text))), Name: "people.csv", Source: csv(t, strings.NewReader(text)),
	}
}

func outcomes(verdicts []bulk.Verdict) []string {
	var list []string
	for _, v := range verdicts {
		text := string(v.Outcome)
		if v.Message != "" {
			text += " " + v.Message
		}
		list = append(list, text)
	}
	return list
}

const mixed = "userName,email,firstName,lastName,roles,status,type\n" +
	"ann,ann@acme.example,Ann,Ash,L1_SUPPORT,,\n" +
	"alice,other@acme.example,Alice,Other,,,\n" + // is there
	"ben,ALICE@acme.example,Ben,Birch,,,\n" + // her address
	"acme-app,app@acme.example,App,Like,,,\n" + // an application's id
	"ANN,ann2@acme.example,Ann,Again,,,\n" + // as row 1
	"cora,ann@ACME.example,Cora,Cole,,,\n" + // the address of row 1
	"dan,dan@acme.example,,,,,\n" + // a person without names
	"eve,eve@acme.example,Eve,Elm,USER_PROVISIONING,,\n" + // a role for services
	"fay,fay@acme.example,Fay,Fir,,DISABLED,\n" +
	"gus-bot,gus@acme.example,,,USER_PROVISIONING,,system\n" // no display name

// TestVerdicts checks that every row has its verdict, that a dry run has the same ones, and that it
// creates nothing.
func TestVerdicts(t *testing.T) {
	t.Parallel()
	podtest.Each(t, func(t *testing.T, p *podtest.Pod) {
		before := accountsOf(t, p)
		dry := imported(t, p, mixed, func(i *bulk.Import) { i.DryRun = true })
		if after := accountsOf(t, p); len(after) != len(before) {
			t.Fatalf("a dry run made %d accounts", len(after)-len(before))
		}
		real := imported(t, p, mixed, nil)
		want := []string{
			"created", "exists", "refused emailAddress: it already exists, another enabled account has it", "refused userName: it already exists, as an application",
			"refused userName: it already exists, row 1 has it", "refused emailAddress: it already exists, row 1 has it", "refused displayName: it is required",
			"refused roles: an account of type NORMAL cannot hold USER_PROVISIONING", "created", "refused displayName: it is required",
		}
		if got := outcomes(real); !slices.Equal(got, want) {
			t.Errorf("%q", got)
		}
		for n := range want {
			want[n] = strings.Replace(want[n], "created", "valid", 1)
		}
		if got := outcomes(dry); !slices.Equal(got, want) {
			t.Errorf("the dry run: %q", got)
		}
		made := accountsOf(t, p)
		ann, fay := made["ann"], made["fay"]
		if len(made) != len(before)+2 || ann.DisplayName != "Ann Ash" || !slices.Contains(ann.Roles, "L1_SUPPORT") || fay.Status != accounts.Disabled {
			t.Errorf("%d accounts, %+v, %+v", len(made)-len(before), ann, fay)
		}
		if real[0].ID != ann.ID || real[1].ID != made["alice"].ID {
			t.Errorf("%+v", real)
		}
		// Imported accounts are found, listed and logged like those created one by one.
		var found struct{ Count int }
		p.User("bob").Post("/pod/v1/user/search", map[string]string{"query": "ann ash"}).Want(200).Into(&found)
		if found.Count != 1 {
			t.Errorf("a search finds %d", found.Count)
		}
		again := imported(t, p, mixed, nil)
		if again[0].Outcome != bulk.Exists || again[8].Outcome != bulk.Exists {
			t.Errorf("imported again: %q", outcomes(again))
		}
	})
}

// TestBrokenOff checks that an import that is interrupted anywhere continues: no account twice,
// none left out, and the verdicts of both runs are those of one.
func TestBrokenOff(t *testing.T) {
	t.Parallel()
	text := many(3600)
	podtest.Each(t, func(t *testing.T, p *podtest.Pod) {
		killed := errors.New("killed")
		var written []bulk.Verdict
		// transactions that this run commits and records, except the last
		for _, after := range []int{0, 1, 2} {
			i := newImport(t, p, text)
			i.Resumed = func(rows int, last []bulk.Verdict) error {
				written = append(written[:rows-len(last)], last...)
				return nil
			}
			n := 0
			i.Verdicts = func(some []bulk.Verdict) error {
				if n++; n > after {
					return killed
				}
				written = append(written, some...)
				return nil
			}
			if err := i.Run(t.Context()); !errors.Is(err, killed) {
				t.Fatal(err)
			}
		}
		verdicts := imported(t, p, text, func(i *bulk.Import) {
			i.Resumed = func(rows int, last []bulk.Verdict) error {
				written = append(written[:rows-len(last)], last...)
				return nil
			}
		})
		written = append(written, verdicts...)
		ids := make(map[wire.UserID]bool)
		for n, v := range written {
			if v.Row != n+1 || v.Outcome != bulk.Created || ids[v.ID] {
				t.Fatalf("verdict %d: %+v", n+1, v)
			}
			ids[v.ID] = true
		}
		if len(written) != 3600 {
			t.Errorf("%d verdicts", len(written))
		}
		imported := 0
		for name := range accountsOf(t, p) {
			if strings.HasPrefix(name, "person-") {
				imported++
			}
		}
		if imported != 3600 {
			t.Errorf("%d accounts", imported)
		}
	})
}

// TestTwoAtOnce checks that two concurrent runs of one file create no account twice, and that one
// of them says why it ends.
func TestTwoAtOnce(t *testing.T) {
	t.Parallel()
	text := many(3000)
	podtest.Each(t, func(t *testing.T, p *podtest.Pod) {
		var wg sync.WaitGroup
		errs := make([]error, 2)
		for n := range errs {
			i := newImport(t, p, text)
			i.Verdicts = func([]bulk.Verdict) error { return nil }
			wg.Go(func() { errs[n] = i.Run(context.Background()) })
		}
		wg.Wait()
		if errs[0] != nil && errs[1] != nil {
			t.Errorf("%v, %v", errs[0], errs[1])
		}
		imported(t, p, text, nil)
		made := 0
		for name := range accountsOf(t, p) {
			if strings.HasPrefix(name, "person-") {
				made++
			}
		}
		if made != 3000 {
			t.Errorf("%d accounts", made)
		}
	})
}

// TestExportIsImported checks that one company can import what another exports.
func TestExportIsImported(t *testing.T) {
	t.Parallel()
	podtest.Each(t, func(t *testing.T, p *podtest.Pod) {
		imported(t, p, "userName,email,firstName,lastName,assetClasses,title,function\n"+
			"zoe,zoe@acme.example,\"Zoé, \"\"Z\"\"\",Müller,Equities;Commodities,\"Head\nof Sales\",\"a; b\"\n", nil)
		want := accountsOf(t, p)
		for _, format := range []bulk.Format{bulk.CSV, bulk.JSONL} {
			var file bytes.Buffer
			if err := bulk.Export(t.Context(), p.Inner.DB, acme, &file, format); err != nil {
				t.Fatal(err)
			}
			var source bulk.Source = bulk.NewJSONL(bytes.NewReader(file.Bytes()))
			if format == bulk.CSV {
				source = csv(t, bytes.NewReader(file.Bytes()))
			}
			rows := read(t, source)
			if len(rows) != len(want) {
				t.Fatalf("%s: %d rows of %d accounts", format, len(rows), len(want))
			}
			for _, row := range rows {
				a := want[row.Account.Username]
				got := row.Account.Attributes
				got.Title = strings.ReplaceAll(got.Title, "\r\n", "\n")
				if row.Err != nil || fmt.Sprintf("%+v", got) != fmt.Sprintf("%+v", a.Attributes) || row.Account.Key != strings.TrimSpace(a.Key) ||
					!slices.Equal(row.Account.Roles, a.Roles) {
					t.Errorf("%s: %v\n%+v\nis not\n%+v", format, row.Err, row.Account, a)
				}
			}
		}
	})
}

func many(n int) string {
	var text strings.Builder
	text.WriteString("userName,email,firstName,lastName\n")
	for i := range n {
		fmt.Fprintf(&text, "person-%d,person-%d@acme.example,Person,Number %d\n", i, i, i)
	}
	return text.String()
}

func accountsOf(t *testing.T, p *podtest.Pod) map[string]bulk.Account {
	t.Helper()
	all := make(map[string]bulk.Account)
	for last := wire.UserID(0); ; {
		some, err := db.Read(t.Context(), p.Inner.DB, func(tx *db.Tx) ([]bulk.Account, error) {
			return bulk.Page(tx, acme, last, 1000)
		})
		if err != nil {
			t.Fatal(err)
		}
		if len(some) == 0 {
			return all
		}
		for _, a := range some {
			if _, twice := all[a.Username]; twice {
				t.Fatalf("two accounts are called %s", a.Username)
			}
			all[a.Username], last = a, a.ID
		}
	}
}

// A file may give the address of a disabled account again, and may hold disabled accounts with the
// address of another account. So an export of both can be imported.
func TestAddressesOfDisabledAccountsAreImported(t *testing.T) {
	t.Parallel()
	podtest.Each(t, func(t *testing.T, p *podtest.Pod) {
		p.Bot("acme-admin").Post(fmt.Sprintf("/pod/v1/admin/user/%d/status/update", p.User("bob").ID), map[string]any{"status": "DISABLED"}).Want(200)
		const rows = "userName,email,firstName,lastName,displayName,status\n" +
			"rob,BOB@acme.example,Rob,Birch,Rob,\n" +
			"rob-before,bob@acme.example,Rob,Birch,Rob,DISABLED\n" +
			"rob-after,bob@acme.example,Rob,Birch,Rob,\n" +
			"rob-long-before,bob@acme.example,Rob,Birch,Rob,DISABLED\n" +
			"ally,alice@acme.example,Al,Ly,Ally,DISABLED\n"
		for _, dry := range []bool{true, false} {
			got := outcomes(imported(t, p, rows, func(i *bulk.Import) { i.DryRun = dry }))
			want := []string{"created", "created", "refused emailAddress: it already exists, row 1 has it", "created", "created"}
			if dry {
				for n := range want {
					want[n] = strings.Replace(want[n], "created", "valid", 1)
				}
			}
			if !slices.Equal(got, want) {
				t.Errorf("dry run %v: %q", dry, got)
			}
		}
		var found struct{ Users []struct{ Username string } }
		p.User("carol").Get("/pod/v3/users?local=true&email=bob@acme.example,alice@acme.example").Want(200).Into(&found)
		if len(found.Users) != 4 || found.Users[0].Username != "rob" || found.Users[1].Username != "rob-long-before" ||
			found.Users[2].Username != "alice" || found.Users[3].Username != "ally" {
			t.Errorf("%v", found.Users)
		}
	})
}
