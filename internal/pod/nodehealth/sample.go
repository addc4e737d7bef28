package nodehealth

import (
	"math"
	"runtime"
	"runtime/metrics"
	"strings"
	"time"

	dto "github.com/prometheus/client_model/go"

	"podium/internal/wire"
)

const (
	sampleEvery = time.Second
	maxSamples  = 300
)

// begin takes a sample unless there is one of this second, and has more taken while they are
// watched. The caller holds mu.
func (s *Service) begin() {
	if s.running {
		return
	}
	s.running = true
	s.take(time.Now())
	go s.run()
}

// run takes samples until they are no longer watched or the node drains.
func (s *Service) run() {
	tick := time.NewTicker(sampleEvery)
	defer tick.Stop()
	for {
		select {
		case now := <-tick.C:
			if !s.next(now) {
				return
			}
		case <-s.Draining:
			return
		}
	}
}

// next takes a sample. It reports false if samples are no longer watched.
func (s *Service) next(now time.Time) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.streams == 0 && now.After(s.until) {
		s.running = false
		return false
	}
	s.take(now)
	return true
}

// take adds a sample. The caller holds mu.
func (s *Service) take(now time.Time) {
	t := s.totals(now)
	s.samples = append(s.samples, t.since(s.last))
	if len(s.samples) > maxSamples {
		s.samples = append([]Sample{}, s.samples[len(s.samples)-maxSamples:]...)
	}
	s.last = t
	for woken := range s.woken {
		select {
		case woken <- struct{}{}:
		default:
		}
	}
}

// totals is the figures at a moment.
type totals struct {
	at                        time.Time
	requests, refused, errors float64
	latency                   histogram
	commits, writes           float64
	gauges                    Sample // those that do not depend on a stretch of time
}

// histogram holds how many requests took at most so many seconds.
type histogram struct {
	bounds []float64
	counts []float64 // cumulative; the last one is of all
}

// totals reads the figures.
func (s *Service) totals(now time.Time) totals {
	t := totals{at: now}
	t.gauges.Goroutines = int64(runtime.NumGoroutine())
	memory := []metrics.Sample{{Name: "/memory/classes/total:bytes"}}
	metrics.Read(memory)
	t.gauges.Memory = int64(memory[0].Value.Uint64())
	if s.Figures == nil {
		return t
	}
	families, err := s.Figures.Gather()
	if err != nil {
		return t // the figures of /metrics fail too
	}
	for _, family := range families {
		for _, m := range family.GetMetric() {
			s.add(&t, family.GetName(), m)
		}
	}
	return t
}

// add adds one figure.
func (s *Service) add(t *totals, name string, m *dto.Metric) {
	switch name {
	case "podium_requests_total":
		n := m.GetCounter().GetValue()
		t.requests += n
		switch status := label(m, "status"); {
		case strings.HasPrefix(status, "5"):
			t.errors += n
		case strings.HasPrefix(status, "4"):
			t.refused += n
		}
	case "podium_request_duration_seconds":
		if !s.Waiting[label(m, "operation")] {
			t.latency.add(m.GetHistogram())
		}
	case "podium_write_batch_size":
		t.commits += float64(m.GetHistogram().GetSampleCount())
		t.writes += m.GetHistogram().GetSampleSum()
	case "podium_database_waiting":
		t.gauges.Queue += int64(m.GetGauge().GetValue())
	case "podium_in_flight":
		if n := int64(m.GetGauge().GetValue()); label(m, "state") == "waiting" {
			t.gauges.Queue += n
		} else {
			t.gauges.Running += n
		}
	case "podium_event_streams":
		t.gauges.Streams += int64(m.GetGauge().GetValue())
	case "podium_connections":
		t.gauges.Connected += int64(m.GetGauge().GetValue())
	}
}

func label(m *dto.Metric, name string) string {
	for _, l := range m.GetLabel() {
		if l.GetName() == name {
			return l.GetValue()
		}
	}
	return ""
}

func (h *histogram) add(m *dto.Histogram) {
	if h.counts == nil {
		h.counts = make([]float64, len(m.GetBucket())+1)
		for _, b := range m.GetBucket() {
			h.bounds = append(h.bounds, b.GetUpperBound())
		}
	}
	for i, b := range m.GetBucket() {
		h.counts[i] += float64(b.GetCumulativeCount())
	}
	h.counts[len(h.counts)-1] += float64(m.GetSampleCount())
}

// since returns the figures of the time from earlier totals to these.
func (t totals) since(earlier totals) Sample {
	out := t.gauges
	out.Timestamp = wire.TimeOf(t.at)
	out.Seconds = max(t.at.Sub(earlier.at).Seconds(), 1e-3)
	out.Requests = (t.requests - earlier.requests) / out.Seconds
	out.Refused = (t.refused - earlier.refused) / out.Seconds
	out.Errors = (t.errors - earlier.errors) / out.Seconds
	commits := t.commits - earlier.commits
	out.Commits = commits / out.Seconds
	if commits > 0 {
		out.Batch = (t.writes - earlier.writes) / commits
	}
	recent := t.latency.minus(earlier.latency)
	out.Median, out.Slowest = 1000*recent.quantile(0.5), 1000*recent.quantile(0.99)
	return out
}

func (h histogram) minus(earlier histogram) histogram {
	out := histogram{bounds: h.bounds, counts: append([]float64{}, h.counts...)}
	for i := range earlier.counts {
		out.counts[i] -= earlier.counts[i]
	}
	return out
}

// quantile returns how many seconds a share of the requests took at most, as exactly as the buckets
// tell; 0 if there was no request.
func (h histogram) quantile(share float64) float64 {
	if len(h.counts) == 0 || h.counts[len(h.counts)-1] == 0 {
		return 0
	}
	wanted := share * h.counts[len(h.counts)-1]
	low, before := 0.0, 0.0
	for i, bound := range h.bounds {
		if h.counts[i] >= wanted && !math.IsInf(bound, 1) {
			return low + (bound-low)*(wanted-before)/(h.counts[i]-before)
		}
		low, before = bound, h.counts[i]
	}
	return low
}
