package main

import (
	"context"
	"log/slog"
	"net"
	"os"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"podium/internal/db"
	"podium/internal/front"
	"podium/internal/jose"
	"podium/internal/notify"
	"podium/internal/op"
	"podium/internal/pod"
	"podium/internal/pod/companies"
	"podium/internal/pod/seed"
)

// servePod serves a pod as `podium serve` does: through the front with its limits (of requests
// so high that no request is refused), a log of JSON lines, metrics, and what runs in the
// background. It has one demo company, and beside the pod's operations that of row.go.
func servePod(listener net.Listener, o order) (func(), error) {
	pod.TuneRuntime()
	ctx, cancel := context.WithCancel(context.Background())
	c, err := benchConfig(ctx, o.Database, 0)
	if err != nil {
		cancel()
		return nil, err
	}
	d, log := c.DB, c.Log
	c.Bounds = bounds(o.Places)
	p, err := newPod(ctx, c, o.PublicKey)
	if err == nil && o.Feeds > 0 {
		err = plantFeeds(ctx, d, o.Feeds)
	}
	if err == nil && o.Rooms > 0 {
		err = loadRooms(ctx, p, o.Rooms)
	}
	if err == nil && o.People > 0 {
		err = plantPeople(ctx, p, o.People)
	}
	if err == nil && o.Answers {
		err = plantAnswers(ctx, p)
	}
	if err == nil && o.Groups != nil {
		err = loadBarriers(ctx, p, *o.Groups)
	}
	if err != nil {
		cancel()
		return nil, err
	}
	server, err := front.New(front.Config{
		Handler: p.Handler(0), Log: log,
		Limits: front.Limits{Rate: 1e6, Burst: 2e6},
	})
	if err != nil {
		cancel()
		return nil, err
	}
	ended := make(chan struct{})
	go func() {
		p.Run(ctx)
		close(ended)
	}()
	go server.Serve(listener)
	return func() {
		server.Shutdown(context.Background())
		cancel()
		<-ended
		d.Close()
	}, nil
}

// benchConfig returns what a pod on a database is made of.
func benchConfig(ctx context.Context, database string, cache int) (pod.Config, error) {
	nowhere, err := os.OpenFile(os.DevNull, os.O_WRONLY, 0)
	if err != nil {
		return pod.Config{}, err
	}
	log := slog.New(slog.NewJSONHandler(nowhere, &slog.HandlerOptions{Level: slog.LevelInfo}))
	registry := prometheus.NewRegistry()
	d, err := db.Open(ctx, db.Config{URL: database, Log: log, Cache: cache, ObserveBatch: batchMetrics(registry)})
	return pod.Config{DB: d, Log: log, Notify: notify.NewLocal(), Registry: registry}, err
}

// newPod returns a pod with the demo company Acme, all of whose services have one public key.
func newPod(ctx context.Context, c pod.Config, publicKey string) (*pod.Pod, error) {
	p, err := pod.New(ctx, c)
	if err != nil {
		return nil, err
	}
	demo := seed.Acme()
	if demo.Secrets, err = companies.NewSecrets(demo.Company.Name, time.Now()); err != nil {
		return nil, err
	}
	key, err := jose.ParsePublicKey(publicKey)
	if err != nil {
		return nil, err
	}
	demo.Admin.Key, demo.Bot.Key, demo.App.Key = key, key, key
	if err := seed.Plant(ctx, p, demo); err != nil {
		return nil, err
	}
	if err := createRows(ctx, c.DB); err != nil {
		return nil, err
	}
	p.Add((&rows{}).Operations()...)
	return p, p.Companies.Refresh(ctx)
}

// batchMetrics observes commits as `podium serve` does.
func batchMetrics(registry *prometheus.Registry) func(writes int, took time.Duration) {
	sizes := prometheus.NewHistogram(prometheus.HistogramOpts{
		Name: "podium_write_batch_size", Help: "Writes that one commit carried.", Buckets: prometheus.ExponentialBuckets(1, 2, 9),
	})
	durations := prometheus.NewHistogram(prometheus.HistogramOpts{
		Name: "podium_write_batch_duration_seconds", Help: "How long a commit with its writes took.", Buckets: prometheus.ExponentialBuckets(.0001, 2, 13),
	})
	registry.MustRegister(sizes, durations)
	return func(writes int, took time.Duration) {
		sizes.Observe(float64(writes))
		durations.Observe(took.Seconds())
	}
}

// bounds returns what goes on at once, as `podium serve` has it by default; but logins of one
// address are as many as of all, since the bench has one. places are those for reads and for
// writes, and for those that wait; 0: as by default.
func bounds(places int) op.Bounds {
	b := front.Bounds{Most: 256, Queue: 4096, Patience: time.Second}
	if places > 0 {
		b.Most, b.Queue = places, places
	}
	work := func() *front.Gate { return front.NewGate(b) }
	return op.Bounds{
		Logins: front.NewGate(front.Bounds{Most: 64, Queue: 256, Patience: time.Second}),
		Reads:  work(), Writes: work(), Bodies: front.NewBudget(32 * pod.DefaultMaxBody),
	}
}
