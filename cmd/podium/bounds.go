package main

import (
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"podium/internal/front"
	"podium/internal/op"
	"podium/internal/pod"
	"podium/internal/pod/messages/files"
)

const (
	patience      = time.Second // of a request that finds no place among those that go on
	waitingWork   = 4096        // reads, and writes, that may wait for a place
	bodiesForEach = 32          // largest bodies that a node holds at once
	uploadsAtOnce = 64          // largest uploads that a node has on its disk at once
)

// bounds returns what the settings let go on at once.
func (s serving) bounds() op.Bounds {
	work := func(most int) *front.Gate {
		return front.NewGate(front.Bounds{Most: most, MostFrom: share(most), Queue: waitingWork, Patience: patience})
	}
	return op.Bounds{
		Logins: front.NewGate(front.Bounds{Most: s.Logins, MostFrom: s.LoginsPerAddress, Queue: 4 * s.Logins, Patience: patience}),
		Reads:  work(s.Reads), Writes: work(s.Writes),
		Bodies:  front.NewBudget(bodiesForEach * s.MaxBody),
		Uploads: front.NewBudget(uploadsAtOnce * files.MaxTotal),
	}
}

// share returns what one address may have of what goes on at once: half.
func share(most int) int { return (most + 1) / 2 }

// devBounds returns what podium dev lets go on at once: it has no bound of logins, since all
// clients of a test share one address.
func devBounds() op.Bounds {
	return serving{Reads: 256, Writes: 256, MaxBody: pod.DefaultMaxBody}.bounds()
}

// boundMetrics tells how near a node is to its bounds, and how much it turned away.
func boundMetrics(registry prometheus.Registerer, b op.Bounds) {
	turnedAway := func(what string, n func() uint64) {
		registry.MustRegister(prometheus.NewCounterFunc(prometheus.CounterOpts{
			Name: "podium_turned_away_total", Help: "Requests answered 429 because too much went on at once, by what there was too much of.",
			ConstLabels: prometheus.Labels{"bound": what},
		}, func() float64 { return float64(n()) }))
	}
	for what, gate := range map[string]*front.Gate{"logins": b.Logins, "reads": b.Reads, "writes": b.Writes} {
		turnedAway(what, gate.TurnedAway)
		for state, value := range map[string]func() float64{
			"running": func() float64 { running, _ := gate.InFlight(); return float64(running) },
			"waiting": func() float64 { _, waiting := gate.InFlight(); return float64(waiting) },
		} {
			registry.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{
				Name: "podium_in_flight", Help: "Operations that go on or wait for a place, by the bound that they count toward.",
				ConstLabels: prometheus.Labels{"bound": what, "state": state},
			}, value))
		}
	}
	turnedAway("bodies", b.Bodies.TurnedAway)
	turnedAway("uploads", b.Uploads.TurnedAway)
}
