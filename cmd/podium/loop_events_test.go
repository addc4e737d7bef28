package main_test

import (
	"context"
	"slices"
	"sync"
	"testing"
	"time"

	"podium/internal/db/dbtest"
)

// TestEachEventOnce checks that each message is delivered to each of two bots, in the order of its
// stream, and never again after its acknowledgement was answered. Each bot has three instances, on
// three nodes of a pod on PostgreSQL, or on the only node on SQLite. PODIUM_EVENTS is the number of
// messages; docs/tour.md has the command of the long run.
func TestEachEventOnce(t *testing.T) {
	t.Parallel()
	const senders, rooms, instances = 8, 4, 3
	dbtest.Each(t, func(t *testing.T, kind dbtest.Kind) {
		nodes := 1
		if kind == dbtest.Postgres {
			nodes = 3
		}
		k := newTalk(t, dbtest.URL(t, kind), nodes, rooms, "left.bot", "right.bot")
		ctx, stop := context.WithCancel(t.Context())
		defer stop()
		var reading sync.WaitGroup
		for _, b := range k.bots {
			k.listen(ctx, &reading, b, instances)
		}
		began := time.Now()
		k.writers.send(func(i int) string { return k.node(i).url }, senders, (times(t, "PODIUM_EVENTS", 3000)+senders-1)/senders)
		for _, b := range k.bots {
			b.log.await(t, k.writers)
		}
		took := time.Since(began)
		k.finish()
		stop()
		reading.Wait()
		k.hearNothingAgain()
		for _, b := range k.bots {
			done := b.log.check(t, k.writers)
			if sent, _ := k.writers.counts(); done != sent {
				t.Errorf("%s has acknowledged %d of %d messages", b.name, done, sent)
			}
			t.Logf("%s: %d messages were sent in %s, each acknowledged once on %d nodes", b.name, done, took.Round(time.Millisecond), nodes)
		}
		for i := range int32(rooms) {
			in := func(writer int32) bool { return writer%rooms == i }
			if !slices.Equal(k.bots[0].log.inStream(in), k.bots[1].log.inStream(in)) {
				t.Errorf("the bots heard the messages of room %d in different orders", i)
			}
		}
	})
}
