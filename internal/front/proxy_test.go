package front

import (
	"net/http"
	"net/http/httptest"
	"net/netip"
	"testing"
)

// TestWhatProxiesReport checks that reports of trusted proxies are believed, and no others.
func TestWhatProxiesReport(t *testing.T) {
	t.Parallel()
	type header = map[string][]string
	direct := [3]string{"192.0.2.9", "pod.internal", ""}
	for _, c := range []struct {
		name    string
		remote  string
		headers ProxyHeaders
		header  header
		want    [3]string // the address, the host, the scheme
	}{
		{"X-Forwarded", "10.0.0.1", AnyHeaders, header{"X-Forwarded-For": {"192.0.2.1"}, "X-Forwarded-Host": {"acme.example:8443"}, "X-Forwarded-Proto": {"https"}},
			[3]string{"192.0.2.1", "acme.example:8443", "https"}},
		{"the host alone", "10.0.0.1", AnyHeaders, header{"X-Forwarded-Host": {"acme.example"}}, [3]string{"10.0.0.1", "acme.example", ""}},
		{"no proxy", "192.0.2.9", AnyHeaders, header{"X-Forwarded-For": {"192.0.2.1"}, "X-Forwarded-Host": {"acme.example"}, "X-Forwarded-Proto": {"https"}}, direct},
		{"no proxy, Forwarded", "192.0.2.9", AnyHeaders, header{"Forwarded": {"for=192.0.2.1;host=acme.example;proto=https"}}, direct},
		{"two proxies, the host replaced", "10.0.0.2", AnyHeaders, header{"X-Forwarded-For": {"192.0.2.1, 10.0.0.1"}, "X-Forwarded-Host": {"acme.example"}},
			[3]string{"192.0.2.1", "acme.example", ""}},
		{"two proxies, each adds", "10.0.0.2", AnyHeaders, header{"X-Forwarded-For": {"192.0.2.1, 10.0.0.1"}, "X-Forwarded-Host": {"acme.example, inner.example"}, "X-Forwarded-Proto": {"https,http"}},
			[3]string{"192.0.2.1", "acme.example", "https"}},
		{"a client's own report", "10.0.0.1", AnyHeaders, header{"X-Forwarded-For": {"198.51.100.1, 192.0.2.1"}, "X-Forwarded-Host": {"evil.example", "acme.example"}},
			[3]string{"192.0.2.1", "acme.example", ""}},
		{"no host that could be", "10.0.0.1", AnyHeaders, header{"X-Forwarded-Host": {"acme.example/path"}}, [3]string{"10.0.0.1", "pod.internal", ""}},
		{"Forwarded", "10.0.0.1", AnyHeaders, header{"Forwarded": {`for="192.0.2.1:4711";host=acme.example;proto=HTTPS`}}, [3]string{"192.0.2.1", "acme.example", "https"}},
		{"Forwarded, quoted IPv6", "10.0.0.1", AnyHeaders, header{"Forwarded": {`For="[2001:db8::1]:4711"; Host="acme.example:8443" ;by=_x`}}, [3]string{"2001:db8::1", "acme.example:8443", ""}},
		{"Forwarded of two", "10.0.0.2", AnyHeaders, header{"Forwarded": {"for=192.0.2.1;host=acme.example;proto=https", "for=10.0.0.1;host=inner.example;proto=http"}},
			[3]string{"192.0.2.1", "acme.example", "https"}},
		{"Forwarded, a client's own", "10.0.0.1", AnyHeaders, header{"Forwarded": {"for=198.51.100.1;host=evil.example, for=192.0.2.1;host=acme.example"}},
			[3]string{"192.0.2.1", "acme.example", ""}},
		{"Forwarded, a comma in quotes", "10.0.0.1", AnyHeaders, header{"Forwarded": {`for=192.0.2.1;by="a\",for=10.9.9.9";host=acme.example`}}, [3]string{"192.0.2.1", "acme.example", ""}},
		{"Forwarded, unknown", "10.0.0.1", AnyHeaders, header{"Forwarded": {"for=unknown;host=acme.example"}}, [3]string{"10.0.0.1", "acme.example", ""}},
		{"both, of which the proxy writes one", "10.0.0.1", AnyHeaders, header{"X-Forwarded-For": {"192.0.2.1"}, "Forwarded": {"for=198.51.100.1;host=evil.example;proto=https"}},
			[3]string{"192.0.2.1", "pod.internal", ""}},
		{"both, the other", "10.0.0.1", Forwarded, header{"X-Forwarded-For": {"198.51.100.1"}, "X-Forwarded-Host": {"evil.example"}, "Forwarded": {"for=192.0.2.1;host=acme.example"}},
			[3]string{"192.0.2.1", "acme.example", ""}},
		{"only the one that is asked for", "10.0.0.1", XForwarded, header{"Forwarded": {"for=198.51.100.1;host=evil.example"}}, [3]string{"10.0.0.1", "pod.internal", ""}},
	} {
		var got [3]string
		h := middleware(Config{
			Handler: http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
				got = [3]string{ClientAddress(r), r.Host, r.URL.Scheme}
			}),
			TrustedProxies: []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")},
			ProxyHeaders:   c.headers,
		})
		r := httptest.NewRequest("GET", "/", nil)
		r.RemoteAddr, r.Host, r.URL.Scheme = c.remote+":1000", "pod.internal", "https" // as the request line may say
		for name, values := range c.header {
			r.Header[name] = values
		}
		h.ServeHTTP(httptest.NewRecorder(), r)
		if got != c.want {
			t.Errorf("%s: %q, not %q", c.name, got, c.want)
		}
	}
}
