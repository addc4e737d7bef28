package main_test

import (
	"maps"
	"slices"
	"sync"
	"testing"
	"time"
)

// hearingLog is what a bot has heard.
type hearingLog struct {
	mu      sync.Mutex
	reads   int32             // that have begun
	states  map[said]int32    // notDone, or how many reads had begun when it was acknowledged
	feeds   map[string]ranges // by their ids
	changed chan struct{}     // closed when there is more
}

// ranges is what one feed has delivered, by the numbers of ranges: they rise in the order of the
// log.
type ranges map[int64][]said

// notDone is the state of a message that was heard, and whose acknowledgement was not answered.
const notDone = -1

func newHearingLog() *hearingLog {
	return &hearingLog{states: make(map[said]int32), feeds: make(map[string]ranges), changed: make(chan struct{})}
}

// begin returns the number of a read that begins.
func (h *hearingLog) begin() int32 {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.reads++
	return h.reads
}

// acknowledged stores that the acknowledgement of messages was answered.
func (h *hearingLog) acknowledged(list []said) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, s := range list {
		h.states[s] = h.reads
	}
}

// heard stores the answer to a read. It fails the test if the answer has what was acknowledged
// before the read began, or if a range has other messages than when it was delivered before.
func (h *hearingLog) heard(t *testing.T, feed string, number int64, began int32, list []said) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, s := range list {
		state, known := h.states[s]
		if known && state != notDone && state < began {
			t.Errorf("%q was delivered again after it was acknowledged", s.text())
		}
		if !known {
			h.states[s] = notDone
		}
	}
	if number != 0 {
		if h.feeds[feed] == nil {
			h.feeds[feed] = make(ranges)
		}
		if before, again := h.feeds[feed][number]; again && !slices.Equal(before, list) {
			t.Errorf("range %d has %v, and had %v", number, list, before)
		}
		h.feeds[feed][number] = list
	}
	close(h.changed)
	h.changed = make(chan struct{})
}

// await waits until all messages of which the pod has said that they are sent were heard.
func (h *hearingLog) await(t *testing.T, w *writers) {
	t.Helper()
	for {
		h.mu.Lock()
		changed := h.changed
		h.mu.Unlock()
		missing := h.missing(w)
		if missing == 0 {
			return
		}
		select {
		case <-changed:
		case <-time.After(patience):
			t.Fatalf("%d messages are not delivered", missing)
		}
	}
}

// missing returns how many messages were not heard of those of which the pod has said that they are
// sent. It may be less while many are missing.
func (h *hearingLog) missing(w *writers) int {
	h.mu.Lock()
	defer h.mu.Unlock()
	if sent, _ := w.counts(); len(h.states) < sent {
		return sent - len(h.states) // looking at each would take long
	}
	return len(slices.DeleteFunc(w.list(), func(s said) bool { return h.states[s] != 0 }))
}

// check fails the test unless each sent message was heard, in one range of each feed at most, and
// those of a writer in the order in which they were sent. It returns how many were acknowledged.
func (h *hearingLog) check(t *testing.T, w *writers) (done int) {
	t.Helper()
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, s := range w.list() {
		switch h.states[s] {
		case 0:
			t.Errorf("%q was never delivered", s.text())
		case notDone:
		default:
			done++
		}
	}
	for _, feed := range h.feeds {
		last := make(map[int32]int32)
		for _, s := range feed.inOrder() {
			if !w.sent(s) {
				continue // the pod died before it answered
			}
			if before, ok := last[s.writer]; ok && s.n <= before {
				t.Errorf("%q is delivered after %d", s.text(), before)
			}
			last[s.writer] = s.n
		}
	}
	return done
}

// inOrder returns what a feed has delivered in the order of the log.
func (r ranges) inOrder() []said {
	var list []said
	for _, number := range slices.Sorted(maps.Keys(r)) {
		list = append(list, r[number]...)
	}
	return list
}

// inStream returns the messages of some writers, in the order of the log.
func (h *hearingLog) inStream(writers func(int32) bool) []said {
	h.mu.Lock()
	defer h.mu.Unlock()
	var list []said
	for _, feed := range h.feeds {
		list = append(list, feed.inOrder()...)
	}
	return slices.DeleteFunc(list, func(s said) bool { return !writers(s.writer) })
}
