package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"strings"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"podium/console"
	"podium/internal/db"
	"podium/internal/front"
	"podium/internal/notify"
	"podium/internal/op"
	"podium/internal/openapi"
	"podium/internal/pod"
	"podium/internal/pod/inspector"
	"podium/internal/scan"
	"podium/internal/wire"
)

// node is one running process of a pod: the database, the pod on it, and its doors.
type node struct {
	db       *db.DB
	notifier notify.Notifier
	pod      *pod.Pod
	log      *slog.Logger
	registry *prometheus.Registry
	figures  *prometheus.Registry // those metrics that are read quickly, for administrators
	drain    *front.Drain
	ready    *readiness
	explorer http.Handler
	console  http.Handler
	out      *logWriter // of log
	writable writable

	connections *front.Connections // of all doors
	doors       []door
}

// door is a listener together with what answers at it.
type door struct {
	listener net.Listener
	tls      bool
	server   *front.Server
}

// calls is which calls are taken.
type calls struct {
	max     int64 // bytes of a body
	strict  bool  // no bodies with members that their operation does not know
	retired bool  // none of the older feeds
	demo    bool  // sign-ins to the console by a name alone

	passwords bool // sign-ins to the console by password

	shown shown
}

// shown is what clients are shown of the node itself.
type shown struct {
	calls   inspector.Whose // whose calls are recorded
	open    bool            // everybody sees all recorded calls of the company
	figures bool            // administrators see the node's figures where there are several companies
}

// figures returns where the metrics are registered that are read quickly: beside all others.
func (n *node) quick() prometheus.Registerer { return both{n.registry, n.figures} }

// both is two registries as one.
type both [2]*prometheus.Registry

// Register registers a metric with both.
func (b both) Register(c prometheus.Collector) error {
	return errors.Join(b[0].Register(c), b[1].Register(c))
}

// MustRegister registers metrics with both, or panics.
func (b both) MustRegister(list ...prometheus.Collector) {
	b[0].MustRegister(list...)
	b[1].MustRegister(list...)
}

// Unregister removes a metric from both.
func (b both) Unregister(c prometheus.Collector) bool {
	first, second := b[0].Unregister(c), b[1].Unregister(c)
	return first || second
}

// attachments is where the files of messages are kept, and what is asked about them before.
type attachments struct {
	storage fileStorage
	scanner scan.Scanner // nil: none
}

// openNode opens the database and puts the pod together.
func openNode(ctx context.Context, s storage, b calls, a attachments, bounds op.Bounds, drain func(unready func()) *front.Drain) (*node, error) {
	outliveReaders()
	n := &node{registry: newRegistry(), figures: prometheus.NewRegistry(), ready: &readiness{}}
	n.logTo(os.Stderr, s.logging)
	n.drain = drain(n.ready.end)
	var err error
	config := s.config(n.log)
	config.ObserveBatch = batchMetrics(n.quick())
	n.db, err = db.Open(ctx, config)
	if err != nil {
		n.close()
		return nil, err
	}
	n.writable.db = n.db
	if n.notifier, err = notifier(s.NATS, n.log); err != nil {
		n.close()
		return nil, err
	}
	blobs, err := a.storage.open(ctx, n.log)
	if err != nil {
		n.close()
		return nil, err
	}
	n.pod, err = pod.New(ctx, pod.Config{
		DB: n.db, Log: n.log, Notify: n.notifier, Registry: n.quick(), MaxBody: b.max, StrictBodies: b.strict, OlderFeedsRetired: b.retired, DemoSignIn: b.demo, PasswordSignIn: b.passwords, Bounds: bounds, Draining: n.drain.Draining(),
		Blobs: blobs, Scanner: a.scanner,
		Inspector: b.shown.calls, InspectorOpen: b.shown.open, Node: nodeName(), Figures: n.figures, NodeFigures: b.shown.figures,
	})
	if err != nil {
		n.close()
		return nil, err
	}
	n.explorer = explorer(n.pod, n.log)
	n.console = console.Handler()
	nodeMetrics(n.registry, n.quick(), n.db, n.pod)
	boundMetrics(n.quick(), bounds)
	return n, nil
}

// nodeName returns the name of the machine, by which clients tell nodes apart.
func nodeName() string {
	name, err := os.Hostname()
	if err != nil {
		return ""
	}
	return name
}

// notifier wakes the nodes that use the same NATS server, or, without one, this node alone.
func notifier(urls string, log *slog.Logger) (notify.Notifier, error) {
	if urls == "" {
		return notify.NewLocal(), nil
	}
	joined, err := notify.Connect(urls, log)
	if err != nil {
		return nil, err // not joined: a nil of its type is a Notifier that is not nil
	}
	return joined, nil
}

// listen opens a door for a company, or, for 0, for the companies by host name.
func (n *node) listen(address string, company wire.CompanyID, c front.Config) error {
	listener, err := net.Listen("tcp", address)
	if err != nil {
		return err
	}
	c.Handler, c.Log, c.Drain = n.handler(company), n.log, n.drain
	server, err := front.New(c)
	if err != nil {
		listener.Close()
		return err
	}
	n.doors = append(n.doors, door{listener: listener, tls: c.Certificate != nil, server: server})
	return nil
}

// handler answers operations, and shows the console and the API's description beside them.
func (n *node) handler(company wire.CompanyID) http.Handler {
	operations := n.pod.Handler(company)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/openapi.json" || r.URL.Path == "/docs" || strings.HasPrefix(r.URL.Path, "/docs/") {
			n.explorer.ServeHTTP(w, r)
			return
		}
		if r.URL.Path == "/" && isBrowser(r) {
			showTheWay(w)
			return
		}
		if strings.HasPrefix(r.URL.Path, console.Path) {
			n.console.ServeHTTP(w, r)
			return
		}
		operations.ServeHTTP(w, r)
	})
}

// isBrowser reports whether a person asks, by a browser: programs do not ask for HTML.
func isBrowser(r *http.Request) bool {
	return (r.Method == http.MethodGet || r.Method == http.MethodHead) && strings.Contains(r.Header.Get("Accept"), "text/html")
}

// showTheWay leads a person to the console. The address is relative: a proxy may have put a path in
// front of ours.
func showTheWay(w http.ResponseWriter) {
	h := w.Header()
	h.Set("Location", strings.TrimPrefix(console.Path, "/"))
	h.Set("Cache-Control", "no-store")
	h.Set("Vary", "Accept")
	h.Set("X-Content-Type-Options", "nosniff")
	w.WriteHeader(http.StatusFound)
}

// explorer shows the description of the operations that the pod answers.
func explorer(p *pod.Pod, log *slog.Logger) http.Handler {
	return openapi.Explorer(func() ([]byte, error) {
		var document bytes.Buffer
		err := openapi.WriteJSON(&document, openapi.Describe(p.Operations(), pod.Info()))
		if err != nil {
			log.Error("describing the operations", "error", err)
		}
		return document.Bytes(), err
	})
}

// endLimit is how long a node takes to end at most: what runs then is cut off.
const endLimit = 10 * time.Second

// run answers at every door until ctx ends, then drains. started is called when every door is
// open.
func (n *node) run(ctx context.Context, started func() error) error {
	background, stop := context.WithCancel(context.WithoutCancel(ctx))
	defer stop()
	var tasks sync.WaitGroup
	tasks.Go(func() { n.pod.Run(background) })
	failed := make(chan error, len(n.doors)+1)
	for _, d := range n.doors {
		tasks.Go(func() {
			if err := d.serve(); err != nil && !errors.Is(err, http.ErrServerClosed) {
				failed <- fmt.Errorf("the listener %s: %w", d.listener.Addr(), err)
			}
		})
	}
	n.ready.begin() // before clients learn of the pod: they may ask at once
	err := started()
	if err == nil {
		select {
		case <-ctx.Done():
			n.log.Info("ending: no longer ready, long polls answer, running requests finish")
			cut := time.AfterFunc(endLimit, n.db.Cut) // a database that does not answer must not keep the node
			defer cut.Stop()
		case err = <-failed:
		}
	}
	err = errors.Join(err, n.shutdown())
	stop()
	tasks.Wait()
	return err
}

func (d door) serve() error {
	if d.tls {
		return d.server.ServeTLS(d.listener)
	}
	return d.server.Serve(d.listener)
}

// shutdown drains all doors at once.
func (n *node) shutdown() error {
	var doors sync.WaitGroup
	errs := make([]error, len(n.doors))
	for i, d := range n.doors {
		doors.Go(func() { errs[i] = d.server.Shutdown(context.Background()) })
	}
	doors.Wait()
	return errors.Join(errs...)
}

func (n *node) close() {
	for _, d := range n.doors {
		d.listener.Close()
	}
	if n.notifier != nil {
		n.notifier.Close()
	}
	if n.db != nil {
		if err := n.db.Close(); err != nil {
			n.log.Error("closing the database", "error", err)
		}
	}
	n.out.close(logPatience)
}

// logPatience is how long the end waits for a reader of the log.
const logPatience = time.Second

// logTo has the node log beside its requests.
func (n *node) logTo(w io.Writer, l logging) {
	n.out = newLogWriter(w, func(lines uint64) {
		n.log.Warn("log lines were dropped: they were not taken as fast as they came", "lines", lines)
	})
	n.log = l.log(n.out)
	n.registry.MustRegister(prometheus.NewCounterFunc(prometheus.CounterOpts{
		Name: "podium_log_lines_dropped_total", Help: "Lines of the log that were dropped because their reader was too slow.",
	}, func() float64 { return float64(n.out.dropped()) }))
}
