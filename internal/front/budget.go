package front

import (
	"net/http"
	"net/netip"
	"sync"
	"sync/atomic"
)

// A Budget bounds how many bytes requests hold at once, in all and for one address (of IPv6, one /64).
// A nil Budget has no bound.
type Budget struct {
	most, mostFrom int64
	turnedTo       atomic.Uint64

	mu   sync.Mutex
	held int64
	from map[netip.Addr]int64
}

// NewBudget makes a budget of so many bytes, of which one address may have half.
func NewBudget(most int64) *Budget {
	return &Budget{most: most, mostFrom: most / 2, from: make(map[netip.Addr]int64)}
}

// Take takes bytes for a request, or reports that there are not so many.
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

// Return gives back what a request has taken.
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

// TurnedAway returns how often there were not as many bytes as were asked for.
func (b *Budget) TurnedAway() uint64 {
	if b == nil {
		return 0
	}
	return b.turnedTo.Load()
}
