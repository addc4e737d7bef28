package db

import (
	"cmp"
	"fmt"
	"hash/fnv"
	"runtime/debug"
	"slices"

	"podium/internal/db/lock"
)

// lockBuckets is the most rows of the table locks on PostgreSQL. The probability that two unrelated
// keys share a row is one in as many.
const lockBuckets = 1 << 16

// Lock locks keys, given in any order, until commit. The second of two transactions that lock the
// same key waits for the first, and sees its changes. Lock before reading what a decision depends
// on. A key that is held already costs nothing. Lock keys of one kind by one call, and kinds in the
// order of package lock; if Config.LockOrder is set, anything else fails.
func (tx *Tx) Lock(keys ...lock.Key) error {
	if tx.dialect.Lock == "" && tx.order == nil {
		return nil // the only writer holds every key
	}
	fresh, err := tx.held.Take(keys)
	if err != nil && tx.order != nil {
		tx.order(fmt.Errorf("%w\n%s", err, debug.Stack()))
		return err
	}
	if tx.dialect.Lock == "" || len(fresh) == 0 {
		return nil
	}
	buckets := lockOrder(fresh)
	if len(buckets) == 1 {
		return tx.Queue(tx.dialect.LockOne, buckets[0])
	}
	return tx.Queue(tx.dialect.Lock, buckets)
}

// Holds reports whether the transaction has locked a key. It is always true with a single writer.
func (tx *Tx) Holds(key lock.Key) bool {
	return tx.dialect.Lock == "" && tx.order == nil || tx.held.Has(key)
}

// lockOrder returns the rows of keys without duplicates in the order of locking: by kind, and
// within a kind by number.
func lockOrder(keys []lock.Key) []int64 {
	type place struct {
		kind   lock.Kind
		bucket int64
	}
	places := make([]place, len(keys))
	for i, key := range keys {
		places[i] = place{key.Kind(), lockBucket(key)}
	}
	slices.SortFunc(places, func(a, b place) int {
		return cmp.Or(cmp.Compare(a.kind, b.kind), cmp.Compare(a.bucket, b.bucket))
	})
	buckets := make([]int64, 0, len(places))
	seen := make(map[int64]bool, len(places))
	for _, p := range places {
		if !seen[p.bucket] { // one statement must not lock a row twice
			seen[p.bucket] = true
			buckets = append(buckets, p.bucket)
		}
	}
	return buckets
}

// lockBucket returns the row of the table locks for a key. Nodes of earlier versions, which run
// beside this one during an upgrade, compute the same.
func lockBucket(key lock.Key) int64 {
	h := fnv.New64a()
	h.Write([]byte(key.String()))
	return int64(h.Sum64() % lockBuckets)
}
