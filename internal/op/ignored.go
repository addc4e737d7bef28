package op

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"podium/internal/apierr"
)

// ignoredHeader names what an operation does not know of a request, so that a misspelt filter is
// noticed.
const ignoredHeader = "Podium-Ignored"

// The limits of the header: the number of names, and the bytes of each.
const (
	maxIgnored     = 8
	maxIgnoredName = 64
)

// ignored holds the names in a request that its operation does not know: members of the body as
// paths, parameters of the query after a question mark.
type ignored struct {
	names []string // the first names, each with a similar known name
	more  int      // how many further names there are

	unread []string // published members that the operation does not read: no body is refused for them
}

// add adds a member that a shape does not have.
func (g *ignored) add(path []string, name []byte, s *shape) {
	if slices.Contains(s.unread, string(name)) {
		if len(g.unread) < maxIgnored {
			g.unread = append(g.unread, strings.Join(append(path[:len(path):len(path)], string(name)), "."))
		}
		return
	}
	if len(g.names) >= maxIgnored {
		g.more++
		return
	}
	names := make([]string, len(s.members))
	for i, m := range s.members {
		names[i] = m.name
	}
	full := strings.Join(append(path[:len(path):len(path)], shown(name)), ".")
	g.names = append(g.names, full+meant(name, names))
}

// addParameter adds a parameter that a plan does not have.
func (g *ignored) addParameter(name string, p *plan) {
	if len(g.names) >= maxIgnored {
		g.more++
		return
	}
	var names []string
	for _, f := range p.fields {
		if f.in == "query" {
			names = append(names, f.name)
		}
	}
	g.names = append(g.names, "?"+shown([]byte(name))+meant([]byte(name), names))
}

// addPart adds a part that a form does not have.
func (g *ignored) addPart(name string) {
	if len(g.names) >= maxIgnored {
		g.more++
		return
	}
	g.names = append(g.names, shown([]byte(name)))
}

// tell writes the header.
func (g *ignored) tell(h http.Header) {
	names := slices.Concat(g.names, g.unread)
	if len(names) == 0 {
		return
	}
	text := strings.Join(names, ", ")
	if g.more > 0 {
		text += ", and " + strconv.Itoa(g.more) + " more"
	}
	if before := h.Get(ignoredHeader); before != "" {
		text = before + ", " + text
	}
	h[ignoredHeader] = []string{text}
}

// refuse returns the refusal of a body with unknown members; nil if it has none.
func (g *ignored) refuse() error {
	if len(g.names) == 0 {
		return nil
	}
	return apierr.Invalid("There is no such member: %s", strings.Join(g.names, ", "))
}

// shown returns a name in a form that a header can carry: shortened, and with question marks for
// unusual characters.
func shown(name []byte) string {
	cut := name[:min(len(name), maxIgnoredName)]
	var b strings.Builder
	for _, c := range cut {
		switch {
		case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c >= '0' && c <= '9', strings.IndexByte("_-.$@:", c) >= 0:
			b.WriteByte(c)
		default:
			b.WriteByte('?')
		}
	}
	if len(cut) < len(name) {
		b.WriteString("...")
	}
	return b.String()
}

// meant returns a similar known name as text; empty if there is none.
func meant(name []byte, names []string) string {
	if len(name) > maxIgnoredName/2 {
		return ""
	}
	best, least := "", 3
	for _, n := range names {
		if d := distance(string(name), n, least); d < least && d*3 < len(n) {
			best, least = n, d
		}
	}
	if best == "" {
		return ""
	}
	return " (did you mean " + best + "?)"
}

// distance returns how many letters must be changed, added, removed or exchanged with their
// neighbour to turn a into b, ignoring case. It returns limit for any larger number.
func distance(a, b string, limit int) int {
	if len(a)-len(b) >= limit || len(b)-len(a) >= limit {
		return limit
	}
	a, b = strings.ToLower(a), strings.ToLower(b)
	before, last, row := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range last {
		last[j] = j
	}
	for i := 1; i <= len(a); i++ {
		row[0] = i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			row[j] = min(last[j]+1, row[j-1]+1, last[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
		}
		before, last, row = last, row, before
	}
	return min(last[len(b)], limit)
}
