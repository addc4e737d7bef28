// Package pod assembles the pod: it sets the fields of the chapters, connects them, and gives their
// operations to the frame. Sockets, flags and files are not here.
package pod

import (
	"cmp"
	"context"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"podium/internal/blob"
	"podium/internal/db"
	"podium/internal/front"
	"podium/internal/journal"
	"podium/internal/journal/seal"
	"podium/internal/notify"
	"podium/internal/oidc"
	"podium/internal/op"
	"podium/internal/picture"
	"podium/internal/pod/accounts"
	"podium/internal/pod/accounts/admin"
	"podium/internal/pod/agent"
	"podium/internal/pod/apps"
	"podium/internal/pod/audit"
	"podium/internal/pod/barriers"
	"podium/internal/pod/certs"
	"podium/internal/pod/communityconnect"
	"podium/internal/pod/companies"
	"podium/internal/pod/connections"
	"podium/internal/pod/contentexport"
	"podium/internal/pod/directory"
	"podium/internal/pod/disclaimers"
	"podium/internal/pod/dlp"
	"podium/internal/pod/dlp/violations"
	"podium/internal/pod/feeds"
	"podium/internal/pod/feeds/event"
	"podium/internal/pod/groups"
	"podium/internal/pod/happenings"
	"podium/internal/pod/inspector"
	"podium/internal/pod/messages"
	"podium/internal/pod/messages/clients"
	"podium/internal/pod/messages/files"
	"podium/internal/pod/messages/receipts"
	"podium/internal/pod/messages/search"
	"podium/internal/pod/nodehealth"
	"podium/internal/pod/presence"
	"podium/internal/pod/profiles"
	"podium/internal/pod/retention"
	"podium/internal/pod/session"
	"podium/internal/pod/settings"
	"podium/internal/pod/signals"
	"podium/internal/pod/signin"
	"podium/internal/pod/sso"
	"podium/internal/pod/streams/ims"
	"podium/internal/pod/streams/lifecycle"
	"podium/internal/pod/streams/listings"
	"podium/internal/pod/streams/members"
	"podium/internal/pod/streams/roomindex"
	"podium/internal/pod/streams/rooms"
	"podium/internal/pod/streams/roomsearch"
	"podium/internal/scan"
	"podium/internal/wire"
)

// DefaultMaxBody is the size limit of a request body, in bytes, if Config has none.
const DefaultMaxBody = 4 << 20

// picturesAtOnce is how many uploaded pictures are drawn at the same time. Each takes up to 150 MB
// for a moment.
const picturesAtOnce = 2

// Config is the input of New. DB, Log and Notify are required.
type Config struct {
	DB       *db.DB
	Log      *slog.Logger
	Notify   notify.Notifier
	Registry prometheus.Registerer // nil: no metrics
	MaxBody  int64                 // bytes; 0: DefaultMaxBody

	// Blobs stores the files of messages; nil: messages with files are refused with 503.
	Blobs blob.Store
	// Scanner is asked about each file before it is stored; nil: none is.
	Scanner scan.Scanner

	// StrictBodies refuses bodies with members that their operation does not know.
	StrictBodies bool

	// OlderFeedsRetired has the operations of datafeed 1 answer 410, as the vendor does.
	OlderFeedsRetired bool

	// FeedHold is how long a read of a datafeed waits; 0: feeds.DefaultHold, below 0: not at all.
	FeedHold time.Duration

	// DemoSignIn lets clients on this machine sign in to the console as any account, by its name
	// alone: for demo data only.
	DemoSignIn bool
	// PasswordSignIn lets people sign in to the console by password.
	PasswordSignIn bool

	// Inspector says whose calls this node records; empty: none.
	Inspector inspector.Whose
	// InspectorOpen lets everybody look at all recorded calls of their company: for demo data only.
	InspectorOpen bool
	// Node is this node's name; empty: node.
	Node string
	// Figures gathers those of the metrics of this node that are read quickly; nil: none.
	Figures prometheus.Gatherer
	// NodeFigures shows the figures of the node to administrators also where the pod has several
	// companies.
	NodeFigures bool

	Bounds op.Bounds        // of concurrent work
	Clock  func() time.Time // for the age of cached sessions; nil: time.Now
	// closed when the node ends and waiting requests must answer; nil: never
	Draining <-chan struct{}
}

// Pod is an assembled pod.
type Pod struct {
	DB          *db.DB
	Journal     *journal.Log
	Companies   *companies.Directory
	Accounts    *accounts.Service
	Directory   *directory.Service
	Apps        *apps.Service
	Certs       *certs.Service
	Sessions    *session.Service
	Connections *connections.Service
	Presence    *presence.Service
	Groups      *groups.Service
	Barriers    *barriers.Service
	Audit       *audit.Service
	RoomIndex   *roomindex.Index
	Sealer      *seal.Sealer
	Files       *files.Service
	Export      *contentexport.Service
	Feeds       *feeds.Service
	Retention   *retention.Service

	violations *violations.Service
	signIns    *signin.Service
	recorder   *inspector.Recorder // nil: none
	config     Config
	metrics    *op.Metrics
	operations []op.Bound
	stop       func() // ends the subscriptions to notifications
}

// New returns a pod.
func New(ctx context.Context, c Config) (*Pod, error) {
	if c.MaxBody == 0 {
		c.MaxBody = DefaultMaxBody
	}
	if c.FeedHold == 0 {
		c.FeedHold = feeds.DefaultHold
	}
	registered, err := companies.Load(ctx, c.DB, c.Log)
	if err != nil {
		return nil, err
	}
	kinds, err := journal.NewKinds(Facts()...)
	if err != nil {
		return nil, err
	}
	happened := &happenings.Log{Wake: func() { c.Notify.Notify(happenings.Topic, "") }}
	facts := &journal.Log{
		Kinds: kinds, Wake: func() { c.Notify.Notify("events", "") }, Allowed: audit.Allowed, Recorded: happened.Facts,
	}
	people := &accounts.Service{
		Journal: facts, Settings: registered, Reserved: apps.Named, HoldLists: groups.HoldOf, HeldLists: groups.HeldAll,
	}
	pictures := picture.NewMaker(picturesAtOnce)
	attached := &files.Service{DB: c.DB, Log: c.Log, Blobs: c.Blobs, Pictures: pictures, Scanner: c.Scanner}
	shown := &profiles.Service{DB: c.DB, Journal: facts, Accounts: people, Pictures: pictures}
	applications := &apps.Service{Journal: facts}
	certificates := &certs.Service{Journal: facts}
	links := &connections.Service{Journal: facts}
	index := roomindex.New(c.DB, c.Log)
	conversations := &lifecycle.Service{Journal: facts}
	inRooms := &members.Service{Journal: facts, Index: index, Lifecycle: conversations}
	present := presence.New(presence.Service{
		DB: c.DB, Log: c.Log, Journal: facts, Notify: c.Notify, Hold: presence.DefaultHold, Draining: c.Draining,
	})
	lists := &groups.Service{DB: c.DB, Journal: facts, Accounts: people, Profiles: shown}
	walls := &barriers.Service{Journal: facts, Accounts: people}
	directory, forget := directory.New(directory.Service{
		DB: c.DB, Log: c.Log, Companies: registered.Numbers, Hiding: walls.Hiding,
	}, c.Notify, c.Clock)
	sessions, stop := session.New(session.Service{
		DB: c.DB, Log: c.Log, Journal: facts, Notify: c.Notify, Clock: c.Clock,
		Companies: registered, Accounts: people, Apps: applications,
	})
	prevention, unsubscribe := dlp.New(dlp.Config{DB: c.DB, Journal: facts, Notify: c.Notify, Clock: c.Clock})
	subscribers{directory, sessions, lists, present, conversations, inRooms}.subscribe(facts)
	p := &Pod{
		DB: c.DB, Journal: facts, Companies: registered, Accounts: people, Directory: directory, Apps: applications, Certs: certificates,
		Sessions: sessions, Connections: links, Groups: lists, Barriers: walls, Presence: present, Audit: &audit.Service{Kinds: kinds, Keys: registered.PublicKeys}, RoomIndex: index, Files: attached, config: c,
	}
	p.signIns = &signin.Service{DB: c.DB, Log: c.Log, Companies: registered, Sessions: sessions, Demo: c.DemoSignIn, Passwords: c.PasswordSignIn, OIDC: &oidc.Client{}}
	p.violations = &violations.Service{DB: c.DB, Files: attached}
	p.Sealer = &seal.Sealer{DB: c.DB, Log: c.Log, Notify: c.Notify, Companies: registered.PrivateKeys}
	said := messages.New(messages.Config{DB: c.DB, Journal: facts, Directory: directory, Files: attached, Happenings: happened, DLP: prevention})
	heard := feeds.New(feeds.Service{
		DB: c.DB, Log: c.Log, Notify: c.Notify, Events: event.NewBuilder(kinds), Active: present.Heard, Seen: present.Seen,
		Hold: c.FeedHold, Draining: c.Draining, Retired: c.OlderFeedsRetired,
	})
	p.Feeds = heard
	acting, deaf := clients.New(clients.Config{DB: c.DB, Notify: c.Notify, Happened: happened, Draining: c.Draining})
	p.stop = func() { stop(); forget(); unsubscribe(); deaf() }
	exported := &contentexport.Service{DB: c.DB, Log: c.Log, Journal: facts, Companies: registered, Files: attached}
	p.Export = exported
	p.Retention = &retention.Service{DB: c.DB, Log: c.Log, Journal: facts, Files: attached}
	p.recorder = inspector.NewRecorder(c.Inspector, cmp.Or(c.Node, "node"))
	p.operations = operations(sessions, directory, &admin.Service{Accounts: people}, shown, applications, certificates, links, present, lists, walls,
		&communityconnect.Service{Journal: facts, Accounts: people, Companies: registered}, p.Audit,
		&ims.Service{Journal: facts}, &rooms.Service{DB: c.DB, DLP: prevention, Journal: facts, Index: index, Lifecycle: conversations}, inRooms, &listings.Service{},
		&roomsearch.Service{Hiding: walls.Hiding}, said, &search.Service{}, &receipts.Service{}, &signals.Service{DB: c.DB, DLP: prevention, Journal: facts}, acting,
		p.signIns,
		exported, p.Retention,
		heard, &agent.Service{DB: c.DB, Live: sessions.Accepts},
		&inspector.Service{DB: c.DB, Recorder: p.recorder, Open: c.InspectorOpen, Draining: c.Draining},
		nodehealth.New(nodehealth.Config{
			Node: cmp.Or(c.Node, "node"), Figures: c.Figures, Waiting: waiting(), Draining: c.Draining,
			Shown: func() bool { return c.NodeFigures || len(registered.All()) == 1 },
		}),
		&disclaimers.Service{Journal: facts}, prevention, p.violations,
		&sso.Service{Journal: facts, Companies: registered}, &settings.Service{Journal: facts, Companies: registered})
	if c.Registry != nil {
		p.metrics = op.NewMetrics(c.Registry)
	}
	return p, nil
}

// waiting returns the operations that wait for events.
func waiting() map[string]bool {
	ids := make(map[string]bool)
	for _, b := range Catalogue() {
		if b.Waits {
			ids[b.ID] = true
		}
	}
	return ids
}

// Operations returns all operations of the pod.
func (p *Pod) Operations() []op.Bound { return p.operations }

// Add adds operations to the pod, for tests and measurements. Call it before Handler.
func (p *Pod) Add(operations ...op.Bound) { p.operations = append(p.operations, operations...) }

// Run performs the pod's background work until ctx ends.
func (p *Pod) Run(ctx context.Context) {
	var background sync.WaitGroup
	background.Go(func() { p.Companies.Follow(ctx) })
	background.Go(func() { p.Sessions.Sweep(ctx) })
	background.Go(func() { p.signIns.Sweep(ctx) })
	background.Go(func() { p.sealPasswords(ctx) })
	background.Go(func() { p.Directory.Survey(ctx) })
	background.Go(func() { p.Sealer.Run(ctx) })
	background.Go(func() { p.tellAll(ctx) })
	background.Go(func() { p.Presence.Run(ctx) })
	background.Go(func() { p.RoomIndex.Run(ctx) })
	background.Go(func() { p.Files.Sweep(ctx) })
	background.Go(func() { p.Export.Run(ctx) })
	background.Go(func() { p.Retention.Run(ctx) })
	background.Go(func() { p.Feeds.Run(ctx) })
	background.Go(func() { p.violations.Sweep(ctx, p.config.Log) })
	background.Go(func() { happenings.Sweep(ctx, p.DB, p.config.Log) })
	background.Wait()
	p.stop()
}

// Sweep removes what has expired among violations, files and sign-ins.
func (p *Pod) Sweep(ctx context.Context) error {
	if err := p.signIns.SweepAll(ctx); err != nil {
		return err
	}
	if err := p.violations.SweepAll(ctx); err != nil {
		return err
	}
	return p.Files.SweepAll(ctx)
}

// sealAgain is how often it is looked for passwords that an older node has stored as they came.
const sealAgain = time.Minute

// sealPasswords seals stored passwords that an older podium has not sealed. Older nodes may run
// beside this one, so it goes on looking.
func (p *Pod) sealPasswords(ctx context.Context) {
	ticker := time.NewTicker(sealAgain)
	defer ticker.Stop()
	for {
		if err := accounts.SealPasswords(ctx, p.DB); err != nil && ctx.Err() == nil {
			p.config.Log.Warn("stored passwords cannot be sealed; trying again in a minute", "error", err)
		}
		select {
		case <-ticker.C:
		case <-ctx.Done():
			return
		}
	}
}

// tellAgain is how soon it is tried again to tell facts to all companies that they concern.
const tellAgain = 5 * time.Second

// tellAll tells facts that an older podium has recorded to all companies that they concern.
func (p *Pod) tellAll(ctx context.Context) {
	for {
		n, err := p.Journal.TellAll(ctx, p.DB)
		if n > 0 {
			p.config.Log.Info("facts about streams were told to the other companies in them", "facts", n)
		}
		if err == nil || ctx.Err() != nil {
			return
		}
		p.config.Log.Warn("facts cannot be told to all companies that they concern; trying again", "error", err)
		select {
		case <-time.After(tellAgain):
		case <-ctx.Done():
			return
		}
	}
}

// Handler answers requests to one company or, for 0, to the company of the request's host name.
func (p *Pod) Handler(company wire.CompanyID) http.Handler {
	frame := &op.Frame{
		DB: p.DB, Log: p.config.Log, MaxBody: p.config.MaxBody, StrictBodies: p.config.StrictBodies, Metrics: p.metrics, Bounds: p.config.Bounds,
		Company:      p.byHost,
		Authenticate: p.Sessions.Authenticate,
		Address:      front.ClientAddress,
		Active:       p.Presence.Active,
	}
	if p.recorder != nil { // otherwise the interface would not be nil
		frame.Inspector = p.recorder
	}
	if company != 0 {
		frame.Company = func(*http.Request) (wire.CompanyID, bool) { return company, true }
	}
	return frame.Handler(p.operations)
}

func (p *Pod) byHost(r *http.Request) (wire.CompanyID, bool) {
	m, ok := p.Companies.At(r.Host)
	if !ok {
		return 0, false
	}
	return m.ID, true
}
