package front

import (
	"net/http"
	"net/netip"
	"strings"
)

// ClientAddress returns the IP address that a request comes from: that of the connection or, behind
// trusted proxies, the one that they report. If the connection has no IP address (a Unix socket),
// it returns the connection's remote address as text.
func ClientAddress(r *http.Request) string {
	if addr := clientAddr(r); addr.IsValid() {
		return addr.String()
	}
	return r.RemoteAddr
}

// clientAddr returns the address as a value, which is not valid if there is none.
func clientAddr(r *http.Request) netip.Addr {
	port, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil {
		return netip.Addr{}
	}
	return port.Addr().Unmap().WithZone("")
}

func isTrusted(addr netip.Addr, trusted []netip.Prefix) bool {
	for _, prefix := range trusted {
		if prefix.Contains(addr) {
			return true
		}
	}
	return false
}

// parseReported parses an address. Some proxies write it with a port or in brackets.
func parseReported(text string) (netip.Addr, bool) {
	if port, err := netip.ParseAddrPort(text); err == nil {
		return port.Addr().Unmap().WithZone(""), true
	}
	text = strings.TrimSuffix(strings.TrimPrefix(text, "["), "]")
	addr, err := netip.ParseAddr(text)
	return addr.Unmap().WithZone(""), err == nil
}
