package companies_test

import (
	"context"
	"testing"
	"time"

	"podium/internal/db"
	"podium/internal/pod/companies"
	"podium/podtest"
)

// TestCompanyChangesAreFacts checks that a change of a company's settings is one fact with each
// changed setting before and after, and that an empty or refused change is none.
func TestCompanyChangesAreFacts(t *testing.T) {
	t.Parallel()
	podtest.Each(t, func(t *testing.T, p *podtest.Pod) {
		ctx := context.Background()
		change := func(change func(*companies.Company)) error {
			_, err := db.Write(ctx, p.Inner.DB, func(tx *db.Tx) (struct{}, error) {
				c, err := companies.Find(tx, 190)
				if err != nil {
					return struct{}{}, err
				}
				change(&c)
				return struct{}{}, companies.Update(tx, p.Inner.Journal, c)
			})
			return err
		}
		set := func(c *companies.Company) {
			c.Name, c.Hosts, c.Listen = "Acme", []string{"a.example"}, "127.0.0.1:1"
			c.SessionLifetime, c.KeyOverlap = time.Hour, 2*time.Hour
			c.Certificates, c.CertificateBits, c.MixedScripts, c.Languages = true, 2048, companies.RefuseMixed, []string{"en"}
		}
		other := func(c *companies.Company) {
			c.Name, c.Hosts, c.Listen = "Acme Limited", []string{"a.example", "b.example"}, ""
			c.SessionLifetime, c.KeyOverlap = 90*time.Minute, 3*time.Hour
			c.Certificates, c.CertificateBits, c.MixedScripts, c.Languages = false, 4096, companies.FlagMixed, []string{"en", "fr"}
		}
		// the last one changes nothing
		for _, by := range []func(*companies.Company){set, other, other} {
			if err := change(by); err != nil {
				t.Fatal(err)
			}
		}
		if err := change(func(c *companies.Company) { c.Name = "" }); err == nil {
			t.Error("a company without a name is saved")
		}
		facts, err := db.Read(ctx, p.Inner.DB, func(tx *db.Tx) ([]string, error) {
			return db.All(tx, db.ScanValue[string], `
				SELECT data FROM events WHERE company = 190 AND kind = 'company.changed' AND subject = '190' ORDER BY position, seq`)
		})
		if err != nil {
			t.Fatal(err)
		}
		const want = `{"settings":[` +
			`{"name":"name","old":"Acme","new":"Acme Limited"},` +
			`{"name":"hosts","old":"a.example","new":"a.example b.example"},` +
			`{"name":"listen","old":"127.0.0.1:1","new":""},` +
			`{"name":"session-lifetime","old":"1h0m0s","new":"1h30m0s"},` +
			`{"name":"key-overlap","old":"2h0m0s","new":"3h0m0s"},` +
			`{"name":"certificates","old":"true","new":"false"},` +
			`{"name":"certificate-bits","old":"2048","new":"4096"},` +
			`{"name":"mixed-scripts","old":"refuse","new":"flag"},` +
			`{"name":"languages","old":"en","new":"en fr"}]}`
		if len(facts) != 2 || facts[1] != want {
			t.Errorf("recorded: %v\nthe second not %s", facts, want)
		}
	})
}
