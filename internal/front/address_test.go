package front

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"testing"
)

func TestClientAddress(t *testing.T) {
	t.Parallel()
	trusted := []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("2001:db8:f::/48")}
	for _, c := range []struct {
		name    string
		remote  string
		reports []string
		trusted []netip.Prefix
		want    string
	}{
		{"direct", "192.0.2.1:1000", nil, trusted, "192.0.2.1"},
		{"direct, IPv6", "[2001:db8::1]:1000", nil, trusted, "2001:db8::1"},
		{"IPv4 in IPv6", "[::ffff:192.0.2.1]:1000", nil, trusted, "192.0.2.1"},
		{"no address", "@", []string{"192.0.2.1"}, trusted, "@"},
		{"no proxy is trusted", "10.0.0.1:1000", []string{"192.0.2.1"}, nil, "10.0.0.1"},
		{"a liar", "192.0.2.1:1000", []string{"192.0.2.99"}, trusted, "192.0.2.1"},
		{"one proxy", "10.0.0.1:1000", []string{"192.0.2.1"}, trusted, "192.0.2.1"},
		{"a liar behind a proxy", "10.0.0.1:1000", []string{"192.0.2.99, 192.0.2.1"}, trusted, "192.0.2.1"},
		{"a liar in a line of its own", "10.0.0.1:1000", []string{"192.0.2.99", "192.0.2.1"}, trusted, "192.0.2.1"},
		{"a liar names a proxy", "10.0.0.1:1000", []string{"10.0.0.7, 192.0.2.1,10.0.0.2"}, trusted, "192.0.2.1"},
		{"two proxies", "[2001:db8:f::1]:1000", []string{"192.0.2.1, 10.0.0.2"}, trusted, "192.0.2.1"},
		{"proxies only", "10.0.0.1:1000", []string{"10.0.0.3, 10.0.0.2"}, trusted, "10.0.0.3"},
		{"with a port", "10.0.0.1:1000", []string{"192.0.2.1:4711"}, trusted, "192.0.2.1"},
		{"IPv6 with a port", "10.0.0.1:1000", []string{"[2001:db8::1]:4711"}, trusted, "2001:db8::1"},
		{"IPv6 in brackets", "10.0.0.1:1000", []string{"[2001:db8::1]"}, trusted, "2001:db8::1"},
		{"garbage", "10.0.0.1:1000", []string{"192.0.2.1, unknown"}, trusted, "10.0.0.1"},
		{"an empty report", "10.0.0.1:1000", []string{"", "192.0.2.1,"}, trusted, "10.0.0.1"},
		{"no report", "10.0.0.1:1000", nil, trusted, "10.0.0.1"},
	} {
		got := ""
		h := middleware(Config{
			Handler:        http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { got = ClientAddress(r) }),
			TrustedProxies: c.trusted,
		})
		r := httptest.NewRequest("GET", "/", nil)
		r.RemoteAddr = c.remote
		r.Header["X-Forwarded-For"] = c.reports
		h.ServeHTTP(httptest.NewRecorder(), r)
		if got != c.want {
			t.Errorf("%s: %s, not %s", c.name, got, c.want)
		}
	}
}

// TestRateIsNotFooledByForwardedFor checks that a client without a trusted proxy cannot evade the
// limit with invented addresses.
func TestRateIsNotFooledByForwardedFor(t *testing.T) {
	t.Parallel()
	handler := http.HandlerFunc(func(http.ResponseWriter, *http.Request) {})
	s := newServer(t, Config{Handler: handler, Limits: Limits{Rate: 0.001, Burst: 1}})
	url, client := "http://"+listen(t, s.Serve), newClient(t, &http.Transport{})
	for i, want := range []int{200, 429, 429} {
		r, err := http.NewRequest("GET", url, nil)
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("X-Forwarded-For", fmt.Sprintf("192.0.2.%d", i))
		resp, err := client.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		if resp.StatusCode != want {
			t.Errorf("request %d: %d, not %d", i, resp.StatusCode, want)
		}
	}
}
