package op

import (
	"strconv"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// Metrics counts requests and their durations, by operation.
type Metrics struct {
	requests  *prometheus.CounterVec
	durations *prometheus.HistogramVec
	streams   prometheus.Gauge
}

// NewMetrics returns the metrics and registers them.
func NewMetrics(registry prometheus.Registerer) *Metrics {
	m := &Metrics{
		requests: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "podium_requests_total",
			Help: "Requests answered, by operation and HTTP status.",
		}, []string{"operation", "status"}),
		durations: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name:    "podium_request_duration_seconds",
			Help:    "How long requests took, by operation.",
			Buckets: []float64{.0001, .00025, .0005, .001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 5, 30},
		}, []string{"operation"}),
	}
	m.streams = prometheus.NewGauge(prometheus.GaugeOpts{Name: "podium_event_streams", Help: "Open streams of events."})
	registry.MustRegister(m.requests, m.durations, m.streams)
	return m
}

// stream counts streams of events that begin (1) or end (-1).
func (m *Metrics) stream(n float64) {
	if m != nil {
		m.streams.Add(n)
	}
}

// meter counts the requests of one operation. A nil meter counts nothing.
type meter struct {
	operation string
	metrics   *Metrics
	durations prometheus.Observer
	statuses  sync.Map // int → prometheus.Counter
}

func (m *Metrics) meter(operation string) *meter {
	if m == nil {
		return nil
	}
	return &meter{operation: operation, metrics: m, durations: m.durations.WithLabelValues(operation)}
}

func (m *meter) count(status int, took time.Duration) {
	if m == nil {
		return
	}
	m.durations.Observe(took.Seconds())
	counter, ok := m.statuses.Load(status)
	if !ok {
		counter, _ = m.statuses.LoadOrStore(status, m.metrics.requests.WithLabelValues(m.operation, strconv.Itoa(status)))
	}
	counter.(prometheus.Counter).Inc()
}
