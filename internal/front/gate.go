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

// ErrFull is what Gate.Enter answers when there was no place in time.
var ErrFull = errors.New("too much work at once")

// A Gate bounds how much work of one kind goes on at once, in all and for one address (of IPv6, one
// /64). Who finds no place waits, in the order of arrival, and is turned away in the end. A nil
// Gate lets everybody in.
type Gate struct {
	bounds Bounds

	mu       sync.Mutex
	running  int
	runs     map[netip.Addr]int // of each address, those that run
	waits    map[netip.Addr]int // likewise, those that wait
	waiting  list.List          // of *waiter, in the order of arrival
	turnedTo atomic.Uint64      // how many were turned away
}

// Bounds says how much a Gate lets in.
type Bounds struct {
	Most     int           // at once; 0: any number
	MostFrom int           // at once for one address; 0: no other bound than Most
	Queue    int           // how many may wait for a place, at most half of them for one address where MostFrom is set
	Patience time.Duration // how long one waits
}

// waiter is a request that waits for a place.
type waiter struct {
	from netip.Addr
	in   chan struct{} // closed when it has its place
}

// NewGate makes a Gate; nil, if it would let in any number.
func NewGate(b Bounds) *Gate {
	if b.Most <= 0 {
		return nil
	}
	if b.MostFrom >= b.Most {
		b.MostFrom = 0
	}
	return &Gate{bounds: b, runs: make(map[netip.Addr]int), waits: make(map[netip.Addr]int)}
}

// A Place is what a request holds that a Gate has let in. Leave gives it back.
type Place struct {
	gate *Gate
	from netip.Addr
}

// Enter takes a place, and waits for one if it must. It fails with ErrFull, or with the error of the
// request's context when that ends first.
func (g *Gate) Enter(r *http.Request) (Place, error) {
	if g == nil {
		return Place{}, nil
	}
	var from netip.Addr
	if g.bounds.MostFrom > 0 {
		from = network(clientAddr(r))
	}
	g.mu.Lock()
	if g.fits(from) { // then nobody who waits does: Leave would have let them in
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

// Leave gives the place back: to the first that waits and may have it.
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

// Full reports whether there is no place, neither to run nor to wait: whoever asks may turn a request
// away before it costs anything.
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

// count adds to an address's number, and forgets the address at 0.
func count(numbers map[netip.Addr]int, addr netip.Addr, by int) {
	if n := numbers[addr] + by; n > 0 {
		numbers[addr] = n
	} else {
		delete(numbers, addr)
	}
}
