package front

import (
	"net/http"
	"net/netip"
	"slices"
	"strings"
)

// ClientAddress is the IP address that a request comes from: that of the connection
// or, behind trusted proxies, the one that they report. Where there is none (a socket
// in the file system), it is what the connection calls its other end.
func ClientAddress(r *http.Request) string {
	if addr := clientAddr(r); addr.IsValid() {
		return addr.String()
	}
	return r.RemoteAddr
}

// clientAddr is the address as a value, and not valid where there is none.
func clientAddr(r *http.Request) netip.Addr {
	port, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil {
		return netip.Addr{}
	}
	return port.Addr().Unmap().WithZone("")
}

// resolveAddress writes into RemoteAddr whom the trusted proxies speak for, so that
// everybody downstream sees the client, and requests that come directly cost nothing.
func resolveAddress(next http.Handler, trusted []netip.Prefix) http.Handler {
	trusted = slices.Clone(trusted)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		direct := clientAddr(r)
		if client := forwarded(direct, r.Header["X-Forwarded-For"], trusted); client != direct {
			r.RemoteAddr = netip.AddrPortFrom(client, 0).String()
		}
		next.ServeHTTP(w, r)
	})
}

// forwarded walks back from the connection along the proxies, as long as whoever
// reports the next address is trusted. What stands further left anybody may have
// written. Where a trusted proxy reports no address, it stays with that proxy.
func forwarded(direct netip.Addr, reports []string, trusted []netip.Prefix) netip.Addr {
	client := direct
	for _, report := range slices.Backward(reports) {
		for report != "" {
			if !isTrusted(client, trusted) {
				return client
			}
			comma := strings.LastIndexByte(report, ',')
			reported, ok := parseReported(strings.TrimSpace(report[comma+1:]))
			if !ok {
				return client
			}
			client, report = reported, report[:max(comma, 0)]
		}
	}
	return client
}

func isTrusted(addr netip.Addr, trusted []netip.Prefix) bool {
	for _, prefix := range trusted {
		if prefix.Contains(addr) {
			return true
		}
	}
	return false
}

// parseReported reads an address, which some proxies write with a port or in brackets.
func parseReported(text string) (netip.Addr, bool) {
	if port, err := netip.ParseAddrPort(text); err == nil {
		return port.Addr().Unmap().WithZone(""), true
	}
	text = strings.TrimSuffix(strings.TrimPrefix(text, "["), "]")
	addr, err := netip.ParseAddr(text)
	return addr.Unmap().WithZone(""), err == nil
}
