package front

import (
	"net/http"
	"net/netip"
	"slices"
	"strings"
)

// ProxyHeaders is the kind of headers in which the trusted proxies report the client.
type ProxyHeaders string

const (
	AnyHeaders ProxyHeaders = ""            // X-Forwarded-…, or Forwarded if there is none of these
	XForwarded ProxyHeaders = "x-forwarded" // X-Forwarded-For, -Host and -Proto
	Forwarded  ProxyHeaders = "forwarded"   // Forwarded (RFC 7239)
)

// hop is what one proxy reports of the request that it received. Fields that it does not report are
// empty.
type hop struct {
	client, host, proto string
}

// resolveClient writes into RemoteAddr, Host and URL.Scheme what the trusted proxies report of the
// client's request, so that all later code sees the client's. Direct requests cost nothing.
func resolveClient(next http.Handler, trusted []netip.Prefix, headers ProxyHeaders) http.Handler {
	trusted = slices.Clone(trusted)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r.URL.Scheme = "" // a client may write one into the request line
		direct := clientAddr(r)
		if !isTrusted(direct, trusted) {
			next.ServeHTTP(w, r)
			return
		}
		seen := walk(direct, reported(r.Header, headers), trusted)
		if seen.client != direct {
			r.RemoteAddr = netip.AddrPortFrom(seen.client, 0).String()
		}
		if seen.host != "" {
			r.Host = seen.host
		}
		if seen.proto == "https" {
			r.URL.Scheme = "https"
		}
		next.ServeHTTP(w, r)
	})
}

// outermost is what the outermost trusted proxy received.
type outermost struct {
	client      netip.Addr
	host, proto string
}

// walk goes back from the connection along the proxies, as long as the proxy that reports the next
// address is trusted. Any client may have written what is further left. If a trusted proxy reports
// no address, the result is that proxy's.
func walk(direct netip.Addr, hops []hop, trusted []netip.Prefix) outermost {
	seen := outermost{client: direct}
	for _, h := range slices.Backward(hops) {
		if !isTrusted(seen.client, trusted) {
			break
		}
		if validHost(h.host) {
			seen.host = h.host
		}
		if h.proto != "" {
			seen.proto = strings.ToLower(h.proto)
		}
		client, ok := parseReported(h.client)
		if !ok {
			break
		}
		seen.client = client
	}
	return seen
}

// reported returns what proxies have written, the nearest proxy last.
//
// A proxy that writes one kind of header passes the other on as the client wrote it. So the two
// kinds never mix; ProxyHeaders decides which counts if both are present.
func reported(h http.Header, headers ProxyHeaders) []hop {
	x := h["X-Forwarded-For"] != nil || h["X-Forwarded-Host"] != nil || h["X-Forwarded-Proto"] != nil
	if headers == XForwarded || headers == AnyHeaders && x {
		return xForwarded(h)
	}
	var hops []hop
	for _, line := range h["Forwarded"] {
		for _, element := range splitQuoted(line, ',') {
			hops = append(hops, parseForwarded(element))
		}
	}
	return hops
}

// xForwarded joins the lists of the three headers from their ends. Many proxies replace the host
// and the protocol instead of appending: the leftmost value counts for all proxies before it.
func xForwarded(h http.Header) []hop {
	clients, hosts, protos := words(h["X-Forwarded-For"]), words(h["X-Forwarded-Host"]), words(h["X-Forwarded-Proto"])
	hops := make([]hop, max(len(clients), min(1, len(hosts)), min(1, len(protos))))
	for i := range hops {
		back := len(hops) - 1 - i
		if n := len(clients) - 1 - back; n >= 0 {
			hops[i].client = clients[n]
		}
		if n := len(hosts) - 1 - back; n >= 0 {
			hops[i].host = hosts[n]
		}
		if n := len(protos) - 1 - back; n >= 0 {
			hops[i].proto = protos[n]
		}
	}
	return hops
}

func words(lines []string) []string {
	var all []string
	for _, line := range lines {
		for word := range strings.SplitSeq(line, ",") {
			all = append(all, strings.TrimSpace(word))
		}
	}
	return all
}

// parseForwarded parses one element of the header Forwarded:
// for=192.0.2.1;host="pod.example:8443";proto=https
func parseForwarded(element string) hop {
	var h hop
	for _, pair := range splitQuoted(element, ';') {
		name, value, _ := strings.Cut(strings.TrimSpace(pair), "=")
		value = unquoted(value)
		switch strings.ToLower(name) {
		case "for":
			h.client = value
		case "host":
			h.host = value
		case "proto":
			h.proto = value
		}
	}
	return h
}

// splitQuoted splits a text at a separator, except inside quotes.
func splitQuoted(text string, separator byte) []string {
	var parts []string
	from, quoted := 0, false
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case c == '\\' && quoted:
			i++
		case c == '"':
			quoted = !quoted
		case c == separator && !quoted:
			parts = append(parts, text[from:i])
			from = i + 1
		}
	}
	return append(parts, text[from:])
}

// unquoted returns a value without its quotes and the backslashes inside them.
func unquoted(value string) string {
	if len(value) < 2 || value[0] != '"' || value[len(value)-1] != '"' {
		return value
	}
	var b strings.Builder
	inner := value[1 : len(value)-1]
	for i := 0; i < len(inner); i++ {
		if inner[i] == '\\' && i+1 < len(inner) {
			i++
		}
		b.WriteByte(inner[i])
	}
	return b.String()
}

// validHost reports whether a text may be a host with or without a port. Company names, and
// addresses in answers, are made from it.
func validHost(host string) bool {
	if host == "" || len(host) > 255 {
		return false
	}
	for i := range len(host) {
		c := host[i]
		if (c < '0' || c > '9') && (c < 'A' || c > 'Z') && (c < 'a' || c > 'z') && !strings.ContainsRune(".-_:[]", rune(c)) {
			return false
		}
	}
	return true
}
