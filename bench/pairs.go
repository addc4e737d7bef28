package main

import (
	"context"
	"slices"
	"time"
)

// side is one of the two that a figure compares: it drives one round.
type side func(context.Context) (result, error)

// comparison is the rounds of both sides; those of one index followed on one another.
type comparison struct {
	ours, ceiling []result
}

// compare drives the rounds: ours, the ceiling's, ours, the ceiling's …
func (b *bench) compare(ctx context.Context, name string, ours, ceiling side) (comparison, error) {
	var c comparison
	for i := range b.pairs {
		one, err := ours(ctx)
		if err != nil {
			return c, err
		}
		other, err := ceiling(ctx)
		if err != nil {
			return c, err
		}
		c.ours, c.ceiling = append(c.ours, one), append(c.ceiling, other)
		progress("%s, pair %d of %d: %.0f/s of %.0f/s, %.2f", name, i+1, b.pairs, one.rate, other.rate, one.rate/other.rate)
	}
	return c, nil
}

// ratios is ours to the ceiling's, pair by pair.
func (c comparison) ratios() spread {
	ratios := make([]float64, len(c.ours))
	for i := range c.ours {
		ratios[i] = c.ours[i].rate / c.ceiling[i].rate
	}
	return spreadOf(ratios)
}

// summary returns the rounds of one side as one: the medians, and all latencies.
func summary(rounds []result) result {
	var all result
	rates, cpus := make([]float64, len(rounds)), make([]float64, len(rounds))
	for i := range rounds {
		rates[i], cpus[i] = rounds[i].rate, float64(rounds[i].cpu)
		all.latency.merge(&rounds[i].latency)
	}
	all.rate, all.cpu = spreadOf(rates).median, time.Duration(spreadOf(cpus).median)
	return all
}

// spread is the middle of some values, and how far they lie apart.
type spread struct{ median, least, most float64 }

func spreadOf(values []float64) spread {
	sorted := slices.Sorted(slices.Values(values))
	middle := len(sorted) / 2
	s := spread{median: sorted[middle], least: sorted[0], most: sorted[len(sorted)-1]}
	if len(sorted)%2 == 0 {
		s.median = (sorted[middle-1] + sorted[middle]) / 2
	}
	return s
}
