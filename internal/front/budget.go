package front

import (
	"net/http"
	"net/netip"
	"sync"
	"sync/atomic"
)

// Budget limits how many bytes requests hold at the same time, in all and for one address (an IPv6
// /64 counts as one). A nil Budget has no limit.
type Budget struct {
	most, mostFrom int64
	turnedTo       atomic.Uint64

	mu   sync.Mutex
	held int64
	from map[netip.Addr]int64
}

// NewBudget returns a budget of most bytes. One address may hold half of them.
func NewBudget(most int64) *Budget {
	return &Budget{most: most, mostFrom: most / 2, from: make(map[netip.Addr]int64)}
}

// Take reserves bytes for a request, and reports whether they were available. Return must be called
// for them.
func (b *Budget) Take(r *http.Request, bytes int64) bool {
	if b == nil {
		return true
	}
	addr := network(clientAddr(r))
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.held+bytes > b.most || b.from[addr]+bytes > b.mostFrom {
		b.turnedTo.Add(1)
		return false
	}
	b.held += bytes
	b.from[addr] += bytes
	return true
}

// Return releases the bytes that a request has reserved.
func (b *Budget) Return(r *http.Request, bytes int64) {
	if b == nil || bytes == 0 {
		return
	}
	addr := network(clientAddr(r))
	b.mu.Lock()
	defer b.mu.Unlock()
	b.held -= bytes
	if b.from[addr] -= bytes; b.from[addr] <= 0 {
		delete(b.from, addr)
	}
}

// TurnedAway returns how often Take has failed.
func (b *Budget) TurnedAway() uint64 {
	if b == nil {
		return 0
	}
	return b.turnedTo.Load()
}
