package main_test

import (
	"context"
	"encoding/json"
	"net/http"
	"sync"
	"testing"

	"podium/internal/client"
	"podium/internal/db/dbtest"
)

// TestKilledWhileHearing checks that a feed delivers each acknowledged message over many lives of a
// pod, and none again after the acknowledgement was answered, to either of two readers.
func TestKilledWhileHearing(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, kind dbtest.Kind) {
		given := &sentTexts{acknowledged: map[string]string{}}
		h := &hearing{heard: map[string]bool{}, done: map[string]bool{}, readers: make([]feedReader, 2)}
		last, rounds := killed(t, kind, func(s *server) {
			given.room(t, s)
			h.open(t, s, given.token)
			var readers sync.WaitGroup
			for i := range h.readers {
				readers.Go(func() {
					for h.read(t, s, given.token, &h.readers[i]) {
					}
				})
			}
			given.sendUntilKilled(t, s)
			readers.Wait()
		})
		given.room(t, last)
		for h.missing(given.acknowledged) > 0 || h.unfinished() {
			if !h.read(t, last, given.token, &h.readers[0]) {
				t.Fatalf("%d messages were never delivered", h.missing(given.acknowledged))
			}
		}
		t.Logf("%d lives: %d messages were acknowledged, %d were heard", rounds, len(given.acknowledged), len(h.heard))
	})
}

// hearing is what the readers of one feed have heard in all lives of a pod.
type hearing struct {
	feed    string
	readers []feedReader

	mu    sync.Mutex
	heard map[string]bool // the ids of messages
	done  map[string]bool // those whose acknowledgement was answered
}

// feedReader is a reader: the acknowledgement that it sends next, and what that acknowledges.
type feedReader struct {
	ack    string
	events []string
}

// open creates the feed in the first life.
func (h *hearing) open(t *testing.T, s *server, token string) {
	t.Helper()
	if h.feed != "" {
		return
	}
	c := &client.Client{Base: s.url, HTTP: newHTTP(t), Token: token}
	a, err := c.Do(context.Background(), http.MethodPost, "/agent/v5/datafeeds", []byte(`{}`))
	var feed struct {
		ID string `json:"id"`
	}
	if err != nil || json.Unmarshal(a.Body, &feed) != nil || feed.ID == "" {
		t.Fatalf("%d %s %v", a.Status, a.Body, err)
	}
	h.feed = feed.ID
}

// read performs one read as the loops of the SDKs do: after a failure the next read sends the same
// acknowledgement. It reports whether the pod answered as it should.
func (h *hearing) read(t *testing.T, s *server, token string, r *feedReader) bool {
	c := &client.Client{Base: s.url, HTTP: newHTTP(t), Token: token}
	body, _ := json.Marshal(map[string]string{"ackId": r.ack})
	a, err := c.Do(context.Background(), http.MethodPost, "/agent/v5/datafeeds/"+h.feed+"/read", body)
	if err != nil {
		return false
	}
	var answer struct {
		Events []struct {
			ID string `json:"messageId"`
		} `json:"events"`
		AckID string `json:"ackId"`
	}
	if a.Status != http.StatusOK || json.Unmarshal(a.Body, &answer) != nil {
		t.Errorf("read: %d %s", a.Status, a.Body)
		return false
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, id := range r.events {
		h.done[id] = true
	}
	r.ack, r.events = answer.AckID, nil
	for _, e := range answer.Events {
		if h.done[e.ID] {
			t.Errorf("%s was delivered again after it was acknowledged", e.ID)
		}
		h.heard[e.ID] = true
		r.events = append(r.events, e.ID)
	}
	return true
}

// missing returns how many of the messages were not heard.
func (h *hearing) missing(acknowledged map[string]string) int {
	n := 0
	for _, id := range acknowledged {
		if !h.heard[id] {
			n++
		}
	}
	return n
}

// unfinished reports whether the first reader has something to acknowledge.
func (h *hearing) unfinished() bool { return len(h.readers[0].events) > 0 }
