package clients

import (
	"sync"

	"podium/internal/wire"
)

// notice says what a member of a stream does.
type notice struct {
	user   wire.UserID
	author wire.UserID // whose message the user has read; 0: the user is typing
}

// hub gives notices to those on this node who follow a stream.
type hub struct {
	mu     sync.Mutex
	follow map[wire.StreamID]map[chan notice]wire.UserID // to the follower
}

// waiting is how many notices wait for a follower. More are lost.
const waiting = 16

// listen returns the notices of a stream for a follower until forget is called.
func (h *hub) listen(id wire.StreamID, follower wire.UserID) (heard <-chan notice, forget func()) {
	c := make(chan notice, waiting)
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.follow == nil {
		h.follow = map[wire.StreamID]map[chan notice]wire.UserID{}
	}
	if h.follow[id] == nil {
		h.follow[id] = map[chan notice]wire.UserID{}
	}
	h.follow[id][c] = follower
	return c, func() {
		h.mu.Lock()
		defer h.mu.Unlock()
		if delete(h.follow[id], c); len(h.follow[id]) == 0 {
			delete(h.follow, id)
		}
	}
}

// tell gives a notice to the followers whom it concerns: of typing all but the user, of reading the
// author alone. Otherwise each message in a large room would cost each follower a notice for each
// reader.
func (h *hub) tell(id wire.StreamID, n notice) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for c, follower := range h.follow[id] {
		if follower == n.user || n.author != 0 && follower != n.author {
			continue
		}
		select {
		case c <- n:
		default:
		}
	}
}
