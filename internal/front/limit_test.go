package front

import (
	"net/http"
	"net/http/httptest"
	"net/netip"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

func TestRate(t *testing.T) {
	t.Parallel()
	clock := time.Unix(1e9, 0)
	rates := newRates(Limits{Rate: 0.5, Burst: 2}, func() time.Time { return clock })
	h := limitRate(http.NotFoundHandler(), rates)
	ask := func(address string) *http.Response {
		r := httptest.NewRequest("GET", "/pod/v2/sessioninfo", nil)
		r.RemoteAddr = address
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		return w.Result()
	}
	for i := range 2 {
		if resp := ask("192.0.2.1:1000"); resp.StatusCode != 404 {
			t.Fatalf("request %d: %d", i, resp.StatusCode)
		}
	}
	resp := ask("192.0.2.1:1001") // another port is the same address
	if after := resp.Header.Get("Retry-After"); after != "2" {
		t.Errorf("Retry-After: %q", after)
	}
	if said := refusal(t, resp, 429); said != "Too many requests" {
		t.Errorf("told %q", said)
	}
	if resp := ask("192.0.2.2:1000"); resp.StatusCode != 404 {
		t.Errorf("another address: %d", resp.StatusCode)
	}
	clock = clock.Add(1500 * time.Millisecond)
	if after := ask("192.0.2.1:1000").Header.Get("Retry-After"); after != "1" {
		t.Errorf("after 1.5 s, Retry-After: %q", after)
	}
	clock = clock.Add(500 * time.Millisecond) // refused requests have cost nothing
	if resp := ask("192.0.2.1:1000"); resp.StatusCode != 404 {
		t.Errorf("after 2 s: %d", resp.StatusCode)
	}
}

func TestAddressesOfOneNetworkShareABucket(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		one, other string
		shared     bool
	}{
		{"[2001:db8::1]:1000", "[2001:db8::ffff:1:2:3]:1000", true},
		{"[2001:db8::1]:1000", "[2001:db8:0:1::1]:1000", false},
		{"192.0.2.1:1000", "192.0.2.1:1001", true},
		{"192.0.2.1:1000", "192.0.2.2:1000", false},
		{"192.0.2.1:1000", "[::ffff:192.0.2.1]:1000", true},
		{"[::ffff:192.0.2.1]:1000", "[::ffff:192.0.2.2]:1000", false},
		{"[fe80::1%eth0]:1000", "[fe80::2%eth1]:1000", true},
		{"@", "@", true},
	} {
		rates := newRates(Limits{Rate: 0.001, Burst: 1}, time.Now)
		one, other := &http.Request{RemoteAddr: c.one}, &http.Request{RemoteAddr: c.other}
		if wait := rates.take(clientAddr(one)); wait != 0 {
			t.Errorf("%s: the first request waits %d s", c.one, wait)
		}
		if wait := rates.take(clientAddr(other)); (wait > 0) != c.shared {
			t.Errorf("%s after %s waits %d s", c.other, c.one, wait)
		}
	}
}

func TestTheTableOfAddressesIsBounded(t *testing.T) {
	t.Parallel()
	rates := newRates(Limits{Rate: 0.001, Burst: 1, Addresses: 10}, time.Now)
	for i := range 1000 {
		rates.take(netip.AddrFrom4([4]byte{192, 0, byte(i >> 8), byte(i)}))
	}
	if n := rates.buckets.Len(); n != 10 {
		t.Errorf("%d addresses are remembered", n)
	}
	latest := netip.AddrFrom4([4]byte{192, 0, 999 >> 8, 999 & 0xff})
	if rates.take(latest) == 0 {
		t.Error("the latest address is forgotten")
	}
}

// TestRateOfManyAtOnce checks that concurrent first requests of one address share one bucket.
func TestRateOfManyAtOnce(t *testing.T) {
	t.Parallel()
	const addresses, burst = 2000, 3
	frozen := time.Unix(1e9, 0)
	rates := newRates(Limits{Rate: 1, Burst: burst}, func() time.Time { return frozen })
	var passed atomic.Int64
	for i := range addresses {
		var all sync.WaitGroup
		for range 8 {
			all.Go(func() {
				if rates.take(netip.AddrFrom4([4]byte{192, 0, byte(i >> 8), byte(i)})) == 0 {
					passed.Add(1)
				}
			})
		}
		all.Wait()
	}
	if n := passed.Load(); n != addresses*burst {
		t.Errorf("%d requests passed, not %d", n, addresses*burst)
	}
}

// TestMiddlewareAllocatesNothing checks that a request within the limits costs no allocation.
func TestMiddlewareAllocatesNothing(t *testing.T) {
	reached := 0
	handler := http.HandlerFunc(func(http.ResponseWriter, *http.Request) { reached++ })
	h := middleware(Config{
		Handler:        handler,
		TrustedProxies: []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")},
		Limits:         Limits{Rate: 1e9, Burst: 1e9},
	})
	r := httptest.NewRequest("GET", "/login", nil)
	r.RemoteAddr = "192.0.2.1:1000"
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r) // the first one gets its bucket
	if n := testing.AllocsPerRun(100, func() { h.ServeHTTP(w, r) }); n != 0 {
		t.Errorf("%v allocations for each request", n)
	}
	if reached < 100 {
		t.Errorf("only %d requests came through", reached)
	}
}
