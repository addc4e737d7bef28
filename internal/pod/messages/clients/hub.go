package clients

import (
	"sync"

	"podium/internal/wire"
)

// hub gives the notices of typing to those on this node who follow a stream.
type hub struct {
	mu     sync.Mutex
	follow map[wire.StreamID]map[chan wire.UserID]bool
}

// waiting is how many notices wait for a follower. More are lost.
const waiting = 16

// listen returns the notices of a stream until forget is called.
func (h *hub) listen(id wire.StreamID) (heard <-chan wire.UserID, forget func()) {
	c := make(chan wire.UserID, waiting)
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.follow == nil {
		h.follow = map[wire.StreamID]map[chan wire.UserID]bool{}
	}
	if h.follow[id] == nil {
		h.follow[id] = map[chan wire.UserID]bool{}
	}
	h.follow[id][c] = true
	return c, func() {
		h.mu.Lock()
		defer h.mu.Unlock()
		if delete(h.follow[id], c); len(h.follow[id]) == 0 {
			delete(h.follow, id)
		}
	}
}

func (h *hub) tell(id wire.StreamID, user wire.UserID) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for c := range h.follow[id] {
		select {
		case c <- user:
		default:
		}
	}
}
