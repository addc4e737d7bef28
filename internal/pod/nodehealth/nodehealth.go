// Package nodehealth shows administrators how a node of the pod does: requests, errors, latency,
// commits, queues, memory. The figures are those of /metrics. They are read once a second while
// they are watched, and not at all otherwise.
//
// The figures are of the node, of whatever companies it answers. So they are shown where the pod
// has one company, or where the operator has switched them on.
package nodehealth

import (
	"context"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"podium/internal/apierr"
	"podium/internal/auth"
	"podium/internal/db"
	"podium/internal/op"
	"podium/internal/wire"
)

// Service answers the operations of this package.
type Service struct {
	Config

	mu      sync.Mutex
	running bool      // a goroutine takes samples
	until   time.Time // samples are taken, although no stream is open
	streams int       // that are open
	last    totals
	samples []Sample               // the last ones, the oldest first
	woken   map[chan struct{}]bool // of the streams
}

// Config is the input of New.
type Config struct {
	Node     string
	Figures  prometheus.Gatherer // cheap to gather; nil: none
	Waiting  map[string]bool     // the operations that wait for events: their time is no latency
	Shown    func() bool         // whether the figures may be shown
	Draining <-chan struct{}     // closed when the node ends; nil: never
}

// New returns the chapter.
func New(c Config) *Service {
	return &Service{Config: c, last: totals{at: time.Now()}, woken: make(map[chan struct{}]bool)}
}

// Operations returns the operations of this package.
func (s *Service) Operations() []op.Bound { return op.Bind(s, getHealth, watchHealth) }

// Sample is the figures of a stretch of time.
type Sample struct {
	Timestamp  wire.Time `json:"timestamp" doc:"The end of the stretch."`
	Seconds    float64   `json:"seconds" doc:"Its length."`
	Requests   float64   `json:"requests" doc:"Per second."`
	Refused    float64   `json:"refused" doc:"Per second: answers with a status from 400 to 499."`
	Errors     float64   `json:"errors" doc:"Per second: answers with a status of 500 or more."`
	Median     float64   `json:"p50Millis" doc:"Half of the requests took no longer, without those that wait for events."`
	Slowest    float64   `json:"p99Millis"`
	Commits    float64   `json:"commits" doc:"Per second: commits of the database."`
	Batch      float64   `json:"batchSize" doc:"Writes that a commit carried, on average."`
	Queue      int64     `json:"queue" doc:"Reads and writes that wait for a place or for a connection to the database."`
	Running    int64     `json:"running" doc:"Operations at work."`
	Streams    int64     `json:"streams" doc:"Open streams of events."`
	Connected  int64     `json:"connections" doc:"Of clients."`
	Memory     int64     `json:"memoryBytes"`
	Goroutines int64     `json:"goroutines"`
}

// Health is how the nodes do.
type Health struct {
	Nodes []NodeHealth `json:"nodes" doc:"The node that answers. Others have figures of their own."`
}

// NodeHealth is how a node does.
type NodeHealth struct {
	Node    string   `json:"node"`
	Samples []Sample `json:"samples" doc:"Of the last five minutes, as far as they were watched, the oldest first."`
}

// figures is the right to see how a node does.
const figures = auth.ViewUsageStatistics

var getHealth = op.Operation[Service]{
	ID:      "getNodeHealth",
	Route:   "GET /podium/v1/health/nodes",
	Tag:     "Inspector",
	Summary: "Tell how the answering node does.",
	About: "The figures are taken once a second while they are watched, and for a minute after this " +
		"call. The first sample is since the last one before, or since the start.",
	Needs:   auth.All(figures),
	Passive: true,
	Also:    []int{404},
	Handle:  op.Read((*Service).get),
}

type nothing struct{}

var errHidden = apierr.NotFound("The figures of a node with several companies are not shown: start it with the setting node-figures")

// watchedFor is how long samples are taken after a call.
const watchedFor = time.Minute

func (s *Service) get(_ *db.Tx, _ auth.Caller, _ nothing) (Health, error) {
	if !s.Shown() {
		return Health{}, errHidden
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.until = time.Now().Add(watchedFor)
	s.begin()
	return Health{Nodes: []NodeHealth{{Node: s.Node, Samples: append([]Sample{}, s.samples...)}}}, nil
}

var watchHealth = op.Operation[Service]{
	ID:      "watchNodeHealth",
	Route:   "GET /podium/v1/health/nodes/events",
	Tag:     "Inspector",
	Summary: "Stream how the answering node does.",
	About:   "Sends a server-sent event named health once a second.",
	Needs:   auth.All(figures),
	Passive: true,
	Waits:   true,
	Also:    []int{404},
	Handle:  op.Stream((*Service).watch),
}

// watch sends samples until the client disconnects, its session ends or the node drains.
func (s *Service) watch(ctx context.Context, _ auth.Caller, _ nothing, out *op.Events[NodeHealth]) error {
	if !s.Shown() {
		return errHidden
	}
	woken, leave := s.join()
	defer leave()
	if err := out.Begin(); err != nil {
		return err
	}
	for {
		select {
		case <-woken:
			event, err := op.EncodeEvent("health", "", NodeHealth{Node: s.Node, Samples: []Sample{s.newest()}})
			if err != nil {
				return err
			}
			if err := out.Send(event); err != nil {
				return err
			}
		case <-s.Draining:
			return nil
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

func (s *Service) newest() Sample {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.samples[len(s.samples)-1]
}

// join returns a channel that receives when there is a new sample, until leave is called.
func (s *Service) join() (woken <-chan struct{}, leave func()) {
	c := make(chan struct{}, 1)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.woken[c] = true
	s.streams++
	s.begin()
	return c, func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		delete(s.woken, c)
		s.streams--
	}
}
