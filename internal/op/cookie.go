package op

import (
	"net/http"
	"net/url"
	"reflect"
	"strings"
	"time"

	"podium/internal/wire"
)

// Cookie is a cookie that an answer sets. Scripts cannot read it. Over TLS, also where a trusted
// proxy reports it, browsers send it over TLS only.
type Cookie struct {
	Name, Value string
	Path        string        // under which browsers send it; empty: /
	Age         time.Duration // how long browsers keep it; 0 or less: they remove it
	// browsers send it when a link of another site leads here (SameSite=Lax); otherwise requests
	// that another site begins come without it (SameSite=Strict)
	Lax bool
}

// Cookied is an output that sets cookies.
type Cookied[T any] struct {
	Value   T
	Cookies []Cookie
}

func (c Cookied[T]) answer() answer {
	a := answerOf(c.Value)
	a.cookies = c.Cookies
	return a
}

func (c Cookied[T]) form() Form { return formOf(reflect.TypeFor[T]()) }

// setCookies adds cookies to the header of an answer.
func (x *exchange) setCookies(cookies []Cookie) {
	for _, c := range cookies {
		set := http.Cookie{
			Name: c.Name, Value: c.Value, Path: "/", MaxAge: -1,
			HttpOnly: true, Secure: isSecure(x.r), SameSite: http.SameSiteStrictMode,
		}
		if c.Path != "" {
			set.Path = c.Path
		}
		if seconds := int(c.Age / time.Second); seconds > 0 {
			set.MaxAge = seconds
		}
		if c.Lax {
			set.SameSite = http.SameSiteLaxMode
		}
		http.SetCookie(x.w, &set)
	}
}

// SessionCookie returns the name of the cookie that carries the session token of a company's
// console. Browsers send a cookie to every port of a host, so the name tells companies apart.
func SessionCookie(company wire.CompanyID) string {
	return "podium_session_" + company.String()
}

// The headers, in net/http's canonical form, that tell requests of the console from those that
// another site makes a browser send. No other site can add consoleHeader: its browser would first
// ask the pod, which never allows it.
const (
	consoleHeader   = "Podium-Console"
	fetchSiteHeader = "Sec-Fetch-Site"
	originHeader    = "Origin"
)

// Console reports whether the pod's own page has sent the request: it has the header
// Podium-Console: 1, and nothing in it names another site. A request that sets or uses the session
// cookie must be one.
func (p Peer) Console() bool { return p.request != nil && fromConsole(p.request) }

// Cookie returns the value of a cookie. It returns an empty text if the request has no cookie of
// the name, or several: another host of the domain may have added one.
func (p Peer) Cookie(name string) string {
	if p.request == nil {
		return ""
	}
	return cookie(p.request, name)
}

func cookie(r *http.Request, name string) string {
	if found := r.CookiesNamed(name); len(found) == 1 {
		return found[0].Value
	}
	return ""
}

func fromConsole(r *http.Request) bool {
	return header(r, consoleHeader) == "1" && sameOrigin(r)
}

// sameOrigin reports whether the headers that browsers add allow that a page of this host sent the
// request. It is stricter than http.CrossOriginProtection: safe methods need it too, because they
// use the session, and a page of the same host without TLS is another site.
func sameOrigin(r *http.Request) bool {
	if sites := r.Header[fetchSiteHeader]; len(sites) > 1 || len(sites) == 1 && sites[0] != "same-origin" {
		return false
	}
	origins := r.Header[originHeader]
	if len(origins) == 0 {
		return true
	}
	if len(origins) > 1 {
		return false
	}
	origin, err := url.Parse(origins[0])
	if err != nil || origin.Host == "" || !strings.EqualFold(origin.Host, r.Host) {
		return false
	}
	return origin.Scheme == "https" || origin.Scheme == "http" && !isSecure(r)
}

// isSecure reports whether the client sent the request over TLS, to this pod or to a trusted proxy.
func isSecure(r *http.Request) bool { return r.TLS != nil || r.URL.Scheme == "https" }
