package front

import (
	"context"
	"errors"
	"net/http"
	"testing"
	"testing/synctest"
	"time"
)

func from(address string) *http.Request { return &http.Request{RemoteAddr: address + ":1"} }

// TestGateSharesAmongAddresses checks that one address, or one IPv6 /64, has only its share.
func TestGateSharesAmongAddresses(t *testing.T) {
	t.Parallel()
	g := NewGate(Bounds{Most: 3, MostFrom: 2})
	enter := func(address string, want error) Place {
		t.Helper()
		place, err := g.Enter(from(address))
		if !errors.Is(err, want) {
			t.Errorf("%s: %v, not %v", address, err, want)
		}
		return place
	}
	a := enter("[2001:db8::1]", nil)
	b := enter("[2001:db8::2]", nil)
	enter("[2001:db8::3]", ErrFull)
	c := enter("192.0.2.1", nil)
	enter("192.0.2.2", ErrFull)
	a.Leave()
	d := enter("192.0.2.2", nil)
	for _, p := range []Place{b, c, d, {}} {
		p.Leave()
	}
	if running, waiting := g.InFlight(); running != 0 || waiting != 0 || len(g.runs) != 0 || len(g.waits) != 0 || g.TurnedAway() != 2 {
		t.Errorf("%d run, %d wait, %v, %v, %d were turned away", running, waiting, g.runs, g.waits, g.TurnedAway())
	}
}

// TestGateWaits checks that waiting requests are admitted in the order of arrival, except those
// whose address has its share.
func TestGateWaits(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g := NewGate(Bounds{Most: 2, MostFrom: 1, Queue: 4, Patience: time.Second})
		first, err := g.Enter(from("192.0.2.1"))
		if err != nil {
			t.Fatal(err)
		}
		other, err := g.Enter(from("192.0.2.2"))
		if err != nil {
			t.Fatal(err)
		}
		in := make(chan string, 9)
		places := make(chan Place, 9)
		wait := func(address, name string) {
			go func() {
				place, err := g.Enter(from(address))
				if err != nil {
					name += ": " + err.Error()
				}
				in <- name
				places <- place
			}()
			synctest.Wait()
		}
		wait("192.0.2.1", "the same address")
		wait("192.0.2.1", "once more")
		wait("192.0.2.3", "a third address")
		wait("192.0.2.1", "too many of one address")
		if got := <-in; got != "too many of one address: "+ErrFull.Error() {
			t.Error(got)
		}
		if g.Full() {
			t.Error("full, though one may wait")
		}
		wait("192.0.2.4", "a fourth address")
		if !g.Full() {
			t.Error("not full")
		}
		other.Leave()
		if got := <-in; got != "a third address" {
			t.Error(got)
		}
		first.Leave()
		if got := <-in; got != "the same address" {
			t.Error(got)
		}
		began := time.Now()
		late := map[string]bool{<-in: true, <-in: true} // in any order
		if !late["once more: "+ErrFull.Error()] || !late["a fourth address: "+ErrFull.Error()] {
			t.Error(late)
		}
		if took := time.Since(began); took != time.Second {
			t.Errorf("turned away after %v", took)
		}
		for range 5 {
			(<-places).Leave()
		}
		if running, waiting := g.InFlight(); running != 0 || waiting != 0 || len(g.runs) != 0 || len(g.waits) != 0 {
			t.Errorf("%d run, %d wait, %v, %v", running, waiting, g.runs, g.waits)
		}
	})
}

// TestGateForgetsCancelledRequests checks that a cancelled request stops waiting.
func TestGateForgetsCancelledRequests(t *testing.T) {
	t.Parallel()
	g := NewGate(Bounds{Most: 1, Queue: 1, Patience: time.Hour})
	place, err := g.Enter(from("192.0.2.1"))
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := g.Enter(from("192.0.2.1").WithContext(ctx)); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	place.Leave()
	if running, waiting := g.InFlight(); running != 0 || waiting != 0 || g.TurnedAway() != 0 {
		t.Errorf("%d run, %d wait, %d were turned away", running, waiting, g.TurnedAway())
	}
}

func TestNoGate(t *testing.T) {
	t.Parallel()
	g := NewGate(Bounds{})
	place, err := g.Enter(from("192.0.2.1"))
	place.Leave()
	if g != nil || err != nil || g.Full() || g.TurnedAway() != 0 {
		t.Errorf("%v, %v", g, err)
	}
}

func TestBudget(t *testing.T) {
	t.Parallel()
	b := NewBudget(100)
	one, other, third := from("192.0.2.1"), from("192.0.2.2"), from("192.0.2.3")
	if !b.Take(one, 50) || b.Take(one, 1) || !b.Take(other, 40) || b.Take(third, 11) || !b.Take(third, 10) {
		t.Error("the bytes are not counted")
	}
	b.Return(one, 50)
	b.Return(other, 40)
	b.Return(third, 10)
	if b.held != 0 || len(b.from) != 0 || b.TurnedAway() != 2 {
		t.Errorf("%d held, %v, %d were turned away", b.held, b.from, b.TurnedAway())
	}
}
