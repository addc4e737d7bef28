package nodehealth_test

import (
	"encoding/json"
	"errors"
	"testing"

	"github.com/prometheus/client_golang/prometheus"

	"podium/internal/client"
	"podium/internal/pod"
	"podium/internal/pod/nodehealth"
	"podium/podtest"
)

const path = "/podium/v1/health/nodes"

// counting returns an option that counts the requests of the pod.
func counting() podtest.Option {
	return podtest.WithConfig(func(c *pod.Config) {
		registry := prometheus.NewRegistry()
		c.Registry, c.Figures, c.Node = registry, registry, "first"
	})
}

func TestFiguresAreOfRequests(t *testing.T) {
	t.Parallel()
	p := podtest.Start(t, counting())
	alice, admin := p.User("alice"), p.Bot("acme-admin")
	for range 50 {
		alice.Get("/pod/v2/sessioninfo").Want(200)
		alice.Get("/podium/v1/nothing").Want(404)
	}
	var h nodehealth.Health
	admin.Get(path).Want(200).Into(&h)
	if len(h.Nodes) != 1 || h.Nodes[0].Node != "first" || len(h.Nodes[0].Samples) == 0 {
		t.Fatalf("%+v", h)
	}
	s := h.Nodes[0].Samples[0]
	if refused := s.Refused * s.Seconds; refused < 49.5 || refused > 60 {
		t.Errorf("%f refused", refused)
	}
	if requests := s.Requests * s.Seconds; requests < 99.5 || s.Errors != 0 || s.Median <= 0 || s.Slowest < s.Median || s.Memory == 0 {
		t.Errorf("%+v", s)
	}
}

// A stream tells a new sample each second, and counts itself.
func TestFiguresAreStreamed(t *testing.T) {
	t.Parallel()
	p := podtest.Start(t, counting())
	enough := errors.New("enough")
	var heard []nodehealth.Sample
	_, err := p.Bot("acme-admin").Client.Follow(t.Context(), path+"/events", "", func(e client.Event) error {
		var n nodehealth.NodeHealth
		if err := json.Unmarshal([]byte(e.Data), &n); err != nil || e.Name != "health" || len(n.Samples) != 1 {
			t.Errorf("%+v %v", e, err)
		}
		if heard = append(heard, n.Samples...); len(heard) == 2 {
			return enough
		}
		return nil
	})
	if err != enough || heard[1].Streams != 1 || heard[1].Timestamp <= heard[0].Timestamp {
		t.Errorf("%+v %v", heard, err)
	}
}

// The figures of a node with several companies are shown where the operator has said so.
func TestFiguresOfSeveralCompaniesAreHidden(t *testing.T) {
	t.Parallel()
	p := podtest.Start(t, podtest.WithConfig(func(c *pod.Config) { c.NodeFigures = false }))
	admin := p.Bot("acme-admin")
	admin.Get(path).Want(404)
	admin.Get(path + "/events").Want(404)
}
