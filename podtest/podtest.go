// Package podtest starts a pod in a test: for the tests of Podium and of programs that talk to a
// pod. Everything is in the test's own process and is removed at the end of the test.
//
//	func TestMyBot(t *testing.T) {
//		p := podtest.Start(t)
//		alice := p.User("alice")
//		alice.Get("/pod/v2/sessioninfo").Want(200)
//	}
package podtest

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"podium/internal/blob"
	"podium/internal/db"
	"podium/internal/db/dbtest"
	"podium/internal/notify"
	"podium/internal/pod"
	"podium/internal/pod/companies"
	"podium/internal/pod/inspector"
	"podium/internal/pod/seed"
	"podium/internal/scan"
)

// Pod is a running pod with the two companies of `podium dev`, Acme and Globex, and their people.
type Pod struct {
	URL       string // the address of Acme
	SecondURL string // the address of Globex

	// Inner is the pod itself, for Podium's own tests.
	Inner *pod.Pod

	t        testing.TB
	clock    *Clock
	http     *http.Client
	postgres bool // the database is PostgreSQL

	columnsOnce sync.Once
	columns     map[string][]string // of every table, in order

	database string // its address
	lookMu   sync.Mutex
	looks    map[string]*look // by the statement
}

// options is the configuration of a pod.
type options struct {
	url      string // of the database; empty: a fresh one
	planted  bool   // the database has another node's companies
	clock    *Clock
	notifier notify.Notifier
	log      io.Writer
	blobs    blob.Store
	scanner  scan.Scanner
	changes  []func(*pod.Config)
	db       []dbtest.Option
}

// Option changes how a pod is started.
type Option func(*options)

// WithClock returns an option that sets the pod's clock.
func WithClock(c *Clock) Option { return func(o *options) { o.clock = c } }

// WithTimePassing returns an option that sets the time that really passes, beside the clock of
// WithClock: if the two differ, the clock has jumped.
func WithTimePassing(c *Clock) Option {
	return func(o *options) { o.db = append(o.db, func(config *db.Config) { config.Passed = c.Now }) }
}

// WithBlobs returns an option that sets the pod's blob store. The default is a folder.
func WithBlobs(s blob.Store) Option { return func(o *options) { o.blobs = s } }

// WithScanner returns an option that sets the pod's scanner. The default is none.
func WithScanner(s scan.Scanner) Option { return func(o *options) { o.scanner = s } }

// WithLog returns an option that writes the pod's log to w, as JSON.
func WithLog(w io.Writer) Option { return func(o *options) { o.log = w } }

// WithFeedHold returns an option that sets how long a read of a datafeed waits. The default is not
// at all.
func WithFeedHold(d time.Duration) Option {
	return WithConfig(func(c *pod.Config) { c.FeedHold = d })
}

// WithConfig returns an option that changes the pod's configuration.
func WithConfig(change func(*pod.Config)) Option {
	return func(o *options) { o.changes = append(o.changes, change) }
}

// FreshAt returns an option that starts the pod on a given empty database, so that other nodes can
// join it with OnDatabase.
func FreshAt(url string) Option { return func(o *options) { o.url = url } }

// OnDatabase returns an option that starts another node of the pod on a database.
func OnDatabase(url string) Option {
	return func(o *options) { o.url, o.planted = url, true }
}

// WithNotifier returns an option that connects the pod with other nodes by n. The default is none.
func WithNotifier(n notify.Notifier) Option { return func(o *options) { o.notifier = n } }

// Start starts a pod on SQLite.
func Start(t testing.TB, opts ...Option) *Pod {
	t.Helper()
	return start(t, dbtest.SQLite, opts)
}

// Each runs a test with a pod on each kind of database, in parallel.
func Each(t *testing.T, test func(t *testing.T, p *Pod), opts ...Option) {
	t.Helper()
	dbtest.Each(t, func(t *testing.T, kind dbtest.Kind) { test(t, start(t, kind, opts)) })
}

// StartOn starts a pod on a kind of database.
func StartOn(t testing.TB, kind dbtest.Kind, opts ...Option) *Pod {
	t.Helper()
	return start(t, kind, opts)
}

func start(t testing.TB, kind dbtest.Kind, opts []Option) *Pod {
	t.Helper()
	o := options{log: io.Discard, notifier: notify.NewLocal()}
	for _, option := range opts {
		option(&o)
	}
	if o.clock != nil {
		o.db = append(o.db, func(c *db.Config) { c.Now = o.clock.Now })
	}
	if o.url == "" {
		o.url = dbtest.URL(t, kind)
	}
	o.db = append(o.db, func(c *db.Config) { c.Plans = noScans(t) })
	log := slog.New(slog.NewJSONHandler(o.log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	if o.blobs == nil {
		folder, err := blob.OpenFolder(filepath.Join(t.TempDir(), "files"), log)
		if err != nil {
			t.Fatal(err)
		}
		o.blobs = folder
	}
	config := pod.Config{
		DB: dbtest.OpenAt(t, o.url, o.db...), Notify: o.notifier,
		Log: log, Blobs: o.blobs, Scanner: o.scanner, FeedHold: -1, DemoSignIn: true, PasswordSignIn: true, Inspector: inspector.All, NodeFigures: true,
	}
	if o.clock != nil {
		config.Clock = o.clock.Now
	}
	for _, change := range o.changes {
		change(&config)
	}
	inner, err := pod.New(context.Background(), config)
	if err != nil {
		t.Fatal(err)
	}
	p := &Pod{
		Inner: inner, t: t, clock: o.clock, postgres: strings.HasPrefix(o.url, "postgres"), database: o.url, looks: map[string]*look{},
	}
	if !o.planted {
		p.plant()
	}
	p.serve()
	return p
}

// serve starts a server for each company.
func (p *Pod) serve() {
	ofAcme, ofGlobex := p.Inner.Handler(seed.Acme().Company.ID), p.Inner.Handler(seed.Globex().Company.ID)
	acme, globex := httptest.NewServer(ofAcme), httptest.NewServer(ofGlobex)
	p.URL, p.SecondURL = acme.URL, globex.URL
	p.http = &http.Client{Transport: direct{acme.Listener.Addr().String(): ofAcme, globex.Listener.Addr().String(): ofGlobex}}
	p.t.Cleanup(func() {
		acme.Close()
		globex.Close()
	})
}

// keys holds the key that all accounts of all test pods share: generating one takes longer than
// most tests.
var keys = sync.OnceValue(func() testKeys {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		panic(err)
	}
	secrets, err := companies.NewSecrets("Test", time.Now())
	if err != nil {
		panic(err)
	}
	return testKeys{key, secrets}
})

type testKeys struct {
	private *rsa.PrivateKey
	secrets companies.Secrets
}

// Key returns the private key of every account and application of the test's pods.
func Key() *rsa.PrivateKey { return keys().private }

func (p *Pod) plant() {
	p.t.Helper()
	for _, demo := range []seed.Demo{seed.Acme(), seed.Globex()} {
		demo.Secrets = keys().secrets
		demo.Secrets.SessionKey = make([]byte, 32)
		rand.Read(demo.Secrets.SessionKey)
		demo.Company.CertificateBits = 2048
		public := &keys().private.PublicKey
		demo.Admin.Key, demo.Bot.Key = public, public
		if demo.App != nil {
			demo.App.Key = public
		}
		if err := seed.Plant(context.Background(), p.Inner, demo); err != nil {
			p.t.Fatal(err)
		}
	}
	if err := p.Inner.Companies.Refresh(context.Background()); err != nil {
		p.t.Fatal(err)
	}
}
