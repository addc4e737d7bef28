package op

import (
	"net/url"
	"strings"

	"podium/internal/apierr"
)

// maxParameters is the most parameters of a query, including unknown ones.
const maxParameters = 2000

// readQuery reads the parameters of a plan from the query. A repeated parameter is one list. None,
// null and undefined count as absent: the Python and Node SDKs send them for an omitted argument.
// Unknown parameters are ignored and reported.
func (x *exchange) readQuery(p *plan) error {
	if x.r.URL.RawQuery == "" {
		return nil
	}
	values := make([]strings.Builder, len(p.fields))
	var unknown ignored
	n := 0
	for pair := range strings.SplitSeq(x.r.URL.RawQuery, "&") {
		if n++; n > maxParameters {
			return apierr.Invalid("The query has more than %d parameters", maxParameters)
		}
		name, value, _ := strings.Cut(pair, "=")
		name, err := url.QueryUnescape(name)
		if err != nil || name == "" || strings.Contains(pair, ";") {
			continue
		}
		if x.tokenInQuery && name == tokenParameter {
			continue
		}
		i := p.parameter(name)
		if i < 0 {
			unknown.addParameter(name, p)
			continue
		}
		if value, err = url.QueryUnescape(value); err != nil {
			continue
		}
		if values[i].Len() > 0 {
			values[i].WriteByte(',')
		}
		values[i].WriteString(value)
	}
	unknown.tell(x.w.Header())
	x.query = make([]string, len(values))
	for i := range values {
		switch text := values[i].String(); text {
		case "None", "null", "undefined":
		default:
			x.query[i] = text
		}
	}
	return nil
}

// parameter returns the index of the field that the query names; -1 if there is none.
func (p *plan) parameter(name string) int {
	for i := range p.fields {
		if f := &p.fields[i]; f.in == "query" && f.name == name {
			return i
		}
	}
	return -1
}
