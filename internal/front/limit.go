package front

import (
	"math"
	"net/http"
	"net/netip"
	"strconv"
	"time"

	lru "github.com/hashicorp/golang-lru/v2"
	"golang.org/x/time/rate"
)

// DefaultAddresses is how many addresses are remembered if Limits does not say.
const DefaultAddresses = 1 << 16

// Limits holds the limits of requests. A zero field is off.
type Limits struct {
	Rate      float64 // requests per second from one address (of IPv6, one /64)
	Burst     int     // requests at once from an address that was idle; 0: those of one second
	Addresses int     // how many addresses are remembered; 0: DefaultAddresses
}

// rates holds a bucket of tokens for each recent address. The table is limited: an address that it
// drops starts with a full bucket.
type rates struct {
	limit   rate.Limit
	burst   int
	buckets *lru.Cache[netip.Addr, *rate.Limiter]
	now     func() time.Time
}

func newRates(l Limits, now func() time.Time) *rates {
	if l.Burst <= 0 {
		l.Burst = int(math.Ceil(min(l.Rate, math.MaxInt32)))
	}
	if l.Addresses <= 0 {
		l.Addresses = DefaultAddresses
	}
	buckets, err := lru.New[netip.Addr, *rate.Limiter](l.Addresses)
	if err != nil {
		panic(err) // only for a size that is not positive
	}
	return &rates{rate.Limit(l.Rate), l.Burst, buckets, now}
}

// limitRate answers 429 to an address that exceeds its rate.
func limitRate(next http.Handler, rates *rates) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if wait := rates.take(clientAddr(r)); wait > 0 {
			tooMany(w, wait, "Too many requests")
			return
		}
		next.ServeHTTP(w, r)
	})
}

// take takes a token and returns 0, or returns how many seconds it is until there is one.
func (s *rates) take(addr netip.Addr) (wait int) {
	bucket, now := s.bucket(addr), s.now()
	if bucket.AllowN(now, 1) {
		return 0
	}
	missing := 1 - bucket.TokensAt(now)
	return max(1, int(math.Ceil(missing/float64(s.limit))))
}

// network returns the network that counts as one address: of IPv6 the /64, because a client usually
// has all of it.
func network(addr netip.Addr) netip.Addr {
	if !addr.Is6() {
		return addr
	}
	prefix, err := addr.Prefix(64)
	if err != nil {
		panic(err) // only for a prefix that is too long
	}
	return prefix.Addr()
}

// bucket returns the bucket of an address.
func (s *rates) bucket(addr netip.Addr) *rate.Limiter {
	addr = network(addr)
	if bucket, ok := s.buckets.Get(addr); ok {
		return bucket
	}
	bucket := rate.NewLimiter(s.limit, s.burst)
	if other, ok, _ := s.buckets.PeekOrAdd(addr, bucket); ok {
		return other
	}
	return bucket
}

func tooMany(w http.ResponseWriter, seconds int, message string) {
	w.Header().Set("Retry-After", strconv.Itoa(seconds))
	refuse(w, http.StatusTooManyRequests, message)
}
