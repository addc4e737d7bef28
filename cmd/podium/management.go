package main

import (
	"context"
	"errors"
	"net"
	"net/http"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"podium/internal/db"
	"podium/internal/pod"
)

// readiness reports whether the node wants to be sent requests.
type readiness struct{ ready atomic.Bool }

func (r *readiness) begin() { r.ready.Store(true) }
func (r *readiness) end()   { r.ready.Store(false) }

// managementTimeout is how long the database may take to say that it is there.
const managementTimeout = 2 * time.Second

// manage answers operators at an address of its own, until stop is called. An empty address
// is none.
func (n *node) manage(address string) (stop func(), err error) {
	if address == "" {
		return func() {}, nil
	}
	listener, err := net.Listen("tcp", address)
	if err != nil {
		return nil, err
	}
	server := &http.Server{Handler: n.managementHandler(), ReadHeaderTimeout: 5 * time.Second, IdleTimeout: time.Minute}
	go func() {
		if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
			n.log.Error("the management listener", "error", err)
		}
	}()
	n.log.Info("management", "address", "http://"+listener.Addr().String())
	return func() { server.Close() }, nil
}

// managementHandler tells that the process lives (/healthz), whether to send it requests
// (/readyz), and its figures (/metrics).
func (n *node) managementHandler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { plain(w, http.StatusOK, "alive") })
	mux.HandleFunc("GET /readyz", func(w http.ResponseWriter, r *http.Request) {
		ctx, cancel := context.WithTimeout(r.Context(), managementTimeout)
		defer cancel()
		err := n.db.Ping(ctx)
		switch {
		case !n.ready.ready.Load():
			plain(w, http.StatusServiceUnavailable, "starting or ending")
		case errors.Is(err, db.ErrTooOld):
			plain(w, http.StatusServiceUnavailable, "this podium is too old for the tables, which a newer one has changed")
		case err != nil:
			plain(w, http.StatusServiceUnavailable, "the database does not answer")
		case n.writable.check(ctx) != nil:
			plain(w, http.StatusServiceUnavailable, "the database takes no changes: is its disk full?")
		default:
			plain(w, http.StatusOK, "ready")
		}
	})
	mux.Handle("GET /metrics", promhttp.HandlerFor(n.registry, promhttp.HandlerOpts{}))
	return mux
}

func plain(w http.ResponseWriter, status int, text string) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.WriteHeader(status)
	w.Write([]byte(text + "\n"))
}

func newRegistry() *prometheus.Registry {
	registry := prometheus.NewRegistry()
	registry.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return registry
}

// batchMetrics counts the commits of the database and the writes that each one carried.
func batchMetrics(registry prometheus.Registerer) func(writes int, took time.Duration) {
	sizes := prometheus.NewHistogram(prometheus.HistogramOpts{
		Name:    "podium_write_batch_size",
		Help:    "Writes that one commit carried.",
		Buckets: []float64{1, 2, 4, 8, 16, 32, 64, 128, 256},
	})
	durations := prometheus.NewHistogram(prometheus.HistogramOpts{
		Name:    "podium_write_batch_duration_seconds",
		Help:    "How long a commit with its writes took.",
		Buckets: []float64{.0001, .00025, .0005, .001, .0025, .005, .01, .025, .05, .1, .25, .5, 1},
	})
	registry.MustRegister(sizes, durations)
	return func(writes int, took time.Duration) {
		sizes.Observe(float64(writes))
		durations.Observe(took.Seconds())
	}
}

// nodeMetrics adds the figures that are looked up when they are asked for.
func nodeMetrics(registry, quick prometheus.Registerer, d *db.DB, p *pod.Pod) {
	gauge := func(name, help string, value func() float64) {
		registry.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: name, Help: help}, value))
	}
	gauge("podium_database_connections", "Connections to the database.", func() float64 { return float64(d.Stats().Open) })
	gauge("podium_database_connections_in_use", "Connections at work.", func() float64 { return float64(d.Stats().InUse) })
	quick.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{
		Name: "podium_database_waiting", Help: "Reads and writes that wait for a connection.",
	}, func() float64 { return float64(d.Stats().Waiting) }))
	gauge("podium_horizon_age_seconds", "How long the oldest transaction has run that holds up feeds and the sealing of the log.", func() float64 { return d.Stats().Held.Seconds() })
	gauge("podium_seal_lag_seconds", "How old the oldest fact is that could not be sealed yet.", func() float64 { return p.Sealer.Lag().Seconds() })
	gauge("podium_feed_lag_seconds", "How long happenings and changes of presence have waited that feeds could not be told of yet.", func() float64 { return max(p.Presence.Lag(), p.Feeds.Lag()).Seconds() })
	size := func(of func(db.Sizes) int64) func() float64 {
		return func() float64 {
			ctx, cancel := context.WithTimeout(context.Background(), managementTimeout)
			defer cancel()
			sizes, err := d.Sizes(ctx)
			if err != nil {
				return -1
			}
			return float64(of(sizes))
		}
	}
	gauge("podium_database_bytes", "What the database takes; -1 when it does not answer.", size(func(s db.Sizes) int64 { return s.Bytes }))
	gauge("podium_log_bytes", "What the log of facts takes, with its index and seals, on PostgreSQL.", size(func(s db.Sizes) int64 { return s.LogBytes }))
	gauge("podium_log_facts", "Facts recorded so far; -1 when the database does not answer.", size(func(s db.Sizes) int64 { return s.Facts }))
	gauge("podium_sessions", "Live sessions of the whole pod; -1 when the database does not answer.", func() float64 {
		ctx, cancel := context.WithTimeout(context.Background(), managementTimeout)
		defer cancel()
		n, err := p.Sessions.Live(ctx)
		if err != nil {
			return -1
		}
		return float64(n)
	})
}
