package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"podium/internal/auth"
	"podium/internal/pod"
	"podium/internal/pod/accounts"
	"podium/internal/pod/accounts/bulk"
	"podium/internal/pod/seed"
)

// imported is what an import was like.
type imported struct {
	Seconds  float64
	Created  int
	Accounts int64 // bytes that the database grew by
	CPU      time.Duration
}

// importing compares an import of many accounts with create calls one after another, a round of
// which goes before and one after.
func (b *bench) importing(ctx context.Context) error {
	calls, err := b.startCrowded(ctx, "calls", fewUsers)
	if err != nil {
		return err
	}
	defer calls.stop()
	create := b.oneByOne(calls.child, func() []byte { return calls.create() })
	before, err := create(ctx)
	if err != nil {
		return err
	}
	made, peak, err := b.imports(ctx)
	if err != nil {
		return err
	}
	after, err := create(ctx)
	if err != nil {
		return err
	}
	one := summary([]result{before, after})
	names := ""
	if b.scattered {
		names = ", their user names in no order,"
	}
	b.report.imported(b.people, names, made, peak, one)
	return nil
}

// imported adds the figure of an import.
func (r *report) imported(people int, names string, made imported, peak float64, create result) {
	const target = 20
	rate := float64(people) / made.Seconds
	f := figure{
		name: fmt.Sprintf("import of %d accounts from CSV%s to create calls one after another", people, names),
		ours: fmt.Sprintf("%.0f/s, %.1f s, %.1f µs CPU an account, at most %.0f MiB resident, %.0f MiB of database (%d bytes an account)", rate, made.Seconds, made.CPU.Seconds()*1e6/float64(people), peak,
			float64(made.Accounts)/(1<<20), made.Accounts/int64(people)),
		ceiling: rateText(create), ratio: fmt.Sprintf("**%.1f** times as many", rate/create.rate),
		target: fmt.Sprintf("≥ %d", target), met: "no",
	}
	if rate >= target*create.rate {
		f.met = "yes"
	}
	r.figures = append(r.figures, f)
}

// imports runs an import in a process of its own, and tells the most memory that it took.
func (b *bench) imports(ctx context.Context) (made imported, peak float64, err error) {
	progress("importing %d accounts", b.people)
	file := filepath.Join(b.dir, "people.csv")
	if err := writePeople(file, b.people, b.scattered); err != nil {
		return made, 0, err
	}
	c, err := startChild(ctx, order{
		Kind: "import", Database: filepath.Join(b.dir, "import.db"), PublicKey: b.key.publicPEM(), Body: []byte(file), Profile: b.profileOf("import"),
	})
	if err != nil {
		return made, 0, err
	}
	defer c.stop()
	answer, err := ask(ctx, c.address, request("POST", "/", "", struct{}{}))
	if err != nil {
		return made, 0, err
	}
	if err := json.Unmarshal(answer, &made); err != nil {
		return made, 0, err
	}
	if made.Created != b.people {
		return made, 0, fmt.Errorf("%d of %d accounts were made", made.Created, b.people)
	}
	return made, peakMemory(c.command.Process.Pid), nil
}

// writePeople writes the file to import: in the order of user names and addresses, as companies
// give them one after another, or scattered, so that each comes somewhere among those that are
// there.
func writePeople(name string, people int, scattered bool) error {
	file, err := os.Create(name)
	if err != nil {
		return err
	}
	defer file.Close()
	w, err := bulk.NewWriter(file, bulk.CSV)
	if err != nil {
		return err
	}
	acme := seed.Acme()
	step := 1
	for scattered && (step == 1 || gcd(step, people) > 1) { // so that each comes once
		step += 7918
	}
	for i := range people {
		a := bulk.Account{User: accounts.User{Attributes: seed.CrowdUser(i*step%people, acme.Company.Name, acme.Domain)}, Roles: []auth.Role{auth.Individual}}
		if err := w.Write(a); err != nil {
			return err
		}
	}
	return w.Close()
}

func gcd(a, b int) int {
	for b != 0 {
		a, b = b, a%b
	}
	return a
}

// serveImport imports the file that the body names when it is asked to, and answers how that went.
func serveImport(listener net.Listener, o order) (func(), error) {
	ctx := context.Background()
	config, err := benchConfig(ctx, o.Database, bulk.Cache)
	if err != nil {
		return nil, err
	}
	p, err := newPod(ctx, config, o.PublicKey)
	if err != nil {
		return nil, err
	}
	stop := bare(listener, func(w http.ResponseWriter, r *http.Request) {
		made, err := importFile(r.Context(), p, o.Database, string(o.Body))
		if err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		json.NewEncoder(w).Encode(made)
	})
	return func() {
		stop()
		config.DB.Close()
	}, nil
}

func importFile(ctx context.Context, p *pod.Pod, database, name string) (made imported, err error) {
	file, err := os.Open(name)
	if err != nil {
		return made, err
	}
	defer file.Close()
	source, err := bulk.NewCSV(file)
	if err != nil {
		return made, err
	}
	before, spent := sizeOf(database), cpuOf(os.Getpid())
	began := time.Now()
	i := bulk.Import{
		DB: p.DB, Accounts: p.Accounts, Company: seed.Acme().Company.ID, Digest: name, Name: name, Source: source,
		Resumed: func(int, []bulk.Verdict) error { return nil },
		Verdicts: func(verdicts []bulk.Verdict) error {
			for _, v := range verdicts {
				if v.Outcome == bulk.Created {
					made.Created++
				}
			}
			return nil
		},
	}
	err = i.Run(ctx)
	made.Seconds, made.CPU, made.Accounts = time.Since(began).Seconds(), cpuOf(os.Getpid())-spent, sizeOf(database)-before
	return made, err
}

// sizeOf returns the bytes of a SQLite database, what is not yet in its file left out.
func sizeOf(database string) int64 {
	file, err := os.Stat(database)
	if err != nil {
		return 0
	}
	return file.Size()
}
