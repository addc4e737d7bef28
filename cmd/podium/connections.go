package main

import (
	"runtime"

	"github.com/prometheus/client_golang/prometheus"

	"podium/internal/front"
)

// maxConnections is how many clients may be connected at once where neither the settings nor the
// process's descriptors say less: each takes some 20 KB.
const maxConnections = 1 << 16

// connectionsFor returns how many clients may be connected to a process with so many descriptors:
// what databases, logs and files need is kept from them.
func connectionsFor(descriptors int) int {
	if descriptors <= 0 {
		return maxConnections
	}
	reserve := min(64+8*runtime.NumCPU(), descriptors/2)
	return min(descriptors-reserve, maxConnections)
}

// bound bounds the connections of a door's clients, with those of the other doors: by the setting
// or, where it is 0, by the descriptors.
func (n *node) bound(most int, c front.Config) front.Config {
	if n.connections == nil {
		if most == 0 {
			most = connectionsFor(descriptors())
		}
		n.connections = front.NewConnections(most, c.TrustedProxies)
		connectionMetrics(n.quick(), n.connections)
	}
	c.Connections = n.connections
	return c
}

func connectionMetrics(registry prometheus.Registerer, c *front.Connections) {
	registry.MustRegister(
		prometheus.NewGaugeFunc(prometheus.GaugeOpts{
			Name: "podium_connections", Help: "Connections of clients.",
		}, func() float64 { open, _ := c.Count(); return float64(open) }),
		prometheus.NewCounterFunc(prometheus.CounterOpts{
			Name: "podium_connections_ended_total", Help: "Connections without a request that were closed to make room for others.",
		}, func() float64 { _, ended := c.Count(); return float64(ended) }),
	)
}
