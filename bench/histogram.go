package main

import (
	"math/bits"
	"time"
)

// fineness is how many bits of a duration a histogram keeps: each bucket is 3 % wide.
const fineness = 5

// histogram counts durations.
type histogram struct {
	buckets [(64 - fineness + 1) << fineness]int64
	count   int64
}

func (h *histogram) add(d time.Duration) {
	h.buckets[bucketOf(d)]++
	h.count++
}

func (h *histogram) merge(other *histogram) {
	for i, n := range other.buckets {
		h.buckets[i] += n
	}
	h.count += other.count
}

// quantile returns the duration that a share of all stay below.
func (h *histogram) quantile(share float64) time.Duration {
	left := int64(share * float64(h.count))
	for i, n := range h.buckets {
		if left -= n; left < 0 {
			return startOf(i)
		}
	}
	return 0
}

// bucketOf numbers the buckets: one for each of the smallest values, then 2^fineness for
// each power of two.
func bucketOf(d time.Duration) int {
	v := uint64(max(d, 0))
	shift := max(bits.Len64(v)-1-fineness, 0)
	return shift<<fineness + int(v>>shift)
}

// startOf returns the least duration of a bucket.
func startOf(bucket int) time.Duration {
	shift := max(bucket>>fineness-1, 0)
	return time.Duration(bucket-shift<<fineness) << shift
}
