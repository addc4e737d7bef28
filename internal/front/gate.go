package front

import (
	"container/list"
	"errors"
	"net/http"
	"net/netip"
	"sync"
	"sync/atomic"
	"time"
)

// ErrFull is the error of Gate.Enter if no place was free in time.
var ErrFull = errors.New("too much work at once")

// Gate limits how much work of one kind runs at the same time, in all and for one address (an IPv6
// /64 counts as one). A request without a place waits in the order of arrival, for at most
// Bounds.Patience. A nil Gate has no limit.
type Gate struct {
	bounds Bounds

	mu       sync.Mutex
	running  int
	runs     map[netip.Addr]int // of each address: how many run
	waits    map[netip.Addr]int // of each address: how many wait
	waiting  list.List          // of *waiter, in the order of arrival
	turnedTo atomic.Uint64      // how many were turned away
}

// Bounds holds the limits of a Gate.
type Bounds struct {
	Most     int // at once; 0: any number
	MostFrom int // at once for one address; 0: no limit but Most
	// how many may wait for a place; at most half of them for one address if MostFrom is set
	Queue    int
	Patience time.Duration // how long a request waits
}

// waiter is a request that waits for a place.
type waiter struct {
	from netip.Addr
	in   chan struct{} // closed when the request has its place
}

// NewGate returns a Gate, or nil if b sets no limit.
func NewGate(b Bounds) *Gate {
	if b.Most <= 0 {
		return nil
	}
	if b.MostFrom >= b.Most {
		b.MostFrom = 0
	}
	return &Gate{bounds: b, runs: make(map[netip.Addr]int), waits: make(map[netip.Addr]int)}
}

// Place is what a request holds that a Gate has admitted. Leave returns it.
type Place struct {
	gate *Gate
	from netip.Addr
}

// Enter takes a place, waiting if necessary. It fails with ErrFull, or with the error of the
// request's context if that ends first.
func (g *Gate) Enter(r *http.Request) (Place, error) {
	if g == nil {
		return Place{}, nil
	}
	var from netip.Addr
	if g.bounds.MostFrom > 0 {
		from = network(clientAddr(r))
	}
	g.mu.Lock()
	if g.fits(from) { // then no waiting request fits: Leave would have admitted it
		g.take(from)
		g.mu.Unlock()
		return Place{g, from}, nil
	}
	if g.full() || g.bounds.MostFrom > 0 && g.waits[from] >= max(1, g.bounds.Queue/2) {
		g.mu.Unlock()
		g.turnedTo.Add(1)
		return Place{}, ErrFull
	}
	w := &waiter{from, make(chan struct{})}
	element := g.waiting.PushBack(w)
	if g.bounds.MostFrom > 0 {
		g.waits[from]++
	}
	g.mu.Unlock()
	return g.wait(r, w, element)
}

// wait waits for a waiter's place.
func (g *Gate) wait(r *http.Request, w *waiter, element *list.Element) (Place, error) {
	patience := time.NewTimer(g.bounds.Patience)
	defer patience.Stop()
	err := ErrFull
	select {
	case <-w.in:
		return Place{g, w.from}, nil
	case <-patience.C:
	case <-r.Context().Done():
		err = r.Context().Err()
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	select {
	case <-w.in: // meanwhile
		return Place{g, w.from}, nil
	default:
	}
	g.remove(element)
	if err == ErrFull {
		g.turnedTo.Add(1)
	}
	return Place{}, err
}

// Leave returns the place: to the first waiting request that may have it.
func (p Place) Leave() {
	g := p.gate
	if g == nil {
		return
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	g.running--
	count(g.runs, p.from, -1)
	for element := g.waiting.Front(); element != nil && g.running < g.bounds.Most; {
		next := element.Next()
		if w := element.Value.(*waiter); g.fits(w.from) {
			g.remove(element)
			g.take(w.from)
			close(w.in)
		}
		element = next
	}
}

// Full reports whether there is no place, neither to run nor to wait. The caller may then turn a
// request away before it costs anything.
func (g *Gate) Full() bool {
	if g == nil {
		return false
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.running < g.bounds.Most || !g.full() {
		return false
	}
	g.turnedTo.Add(1)
	return true
}

// TurnedAway returns how many requests have found no place since the Gate was made.
func (g *Gate) TurnedAway() uint64 {
	if g == nil {
		return 0
	}
	return g.turnedTo.Load()
}

// InFlight returns how many requests hold a place, and how many wait for one.
func (g *Gate) InFlight() (running, waiting int) {
	if g == nil {
		return 0, 0
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.running, g.waiting.Len()
}

func (g *Gate) full() bool { return g.waiting.Len() >= g.bounds.Queue }

func (g *Gate) fits(from netip.Addr) bool {
	return g.running < g.bounds.Most && (g.bounds.MostFrom == 0 || g.runs[from] < g.bounds.MostFrom)
}

func (g *Gate) take(from netip.Addr) {
	g.running++
	if g.bounds.MostFrom > 0 {
		g.runs[from]++
	}
}

func (g *Gate) remove(element *list.Element) {
	count(g.waits, g.waiting.Remove(element).(*waiter).from, -1)
}

// count adds to an address's number, and removes the address at 0.
func count(numbers map[netip.Addr]int, addr netip.Addr, by int) {
	if n := numbers[addr] + by; n > 0 {
		numbers[addr] = n
	} else {
		delete(numbers, addr)
	}
}
