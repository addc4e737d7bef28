package op

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"podium/internal/apierr"
	"podium/internal/auth"
	"podium/internal/db"
	"podium/internal/front"
	"podium/internal/wire"
)

// Frame answers requests by operations. Fill it in with a literal, then make its Handler.
type Frame struct {
	DB  *db.DB
	Log *slog.Logger

	// MaxBody is the largest body taken, in bytes.
	MaxBody int64

	// StrictBodies has a body refused that has members which its operation does not know. Otherwise they are
	// ignored, and named in the header Podium-Ignored.
	StrictBodies bool

	// Company is the company that a request is addressed to.
	Company func(*http.Request) (wire.CompanyID, bool)

	// Authenticate finds the session that a request's credentials stand for. Its errors
	// are those of apierr: a 401 for what is not a live session of the company.
	Authenticate func(context.Context, wire.CompanyID, Credentials) (auth.Caller, error)

	// Active hears of each call that a user makes in a session of his own, unless the operation is
	// Passive. It is called before the operation, and must be quick. Nil hears nothing.
	Active func(wire.UserID)

	// Address is the client's IP address.
	Address func(*http.Request) string

	// Metrics counts requests; nil counts nothing.
	Metrics *Metrics

	Bounds
}

// Bounds is how much goes on at once. A nil one is no bound.
type Bounds struct {
	// Logins, Reads and Writes bound the operations that have read their input and have not ended:
	// logins, those that change rows in one transaction, and, apart from them, the others. What
	// waits for something to happen counts nowhere.
	Logins, Reads, Writes *front.Gate

	// Bodies bounds what is held of request bodies, for each what is above 64 KiB.
	Bodies *front.Budget
}

// Credentials are the headers by which a request says who sends it.
type Credentials struct {
	SessionToken  string
	Authorization string
	KeyManager    string // sent beside a session token to the Agent's operations
}

// exchange is one request and its answer on their way through the frame.
type exchange struct {
	w           http.ResponseWriter
	r           *http.Request
	caller      auth.Caller
	credentials Credentials // by which the caller is known
	query       []string    // the parameters in the query, as the plan counts them; nil: none
	address     string
	trace       string
	began       time.Time
	place       front.Place // of one of the frame's gates
	held        int64       // of the frame's Bodies

	streaming bool // the answer is a stream of events, and has begun
}

// Handler answers the operations given at their routes, and everything else with 404 or 405.
func (f *Frame) Handler(operations []Bound) http.Handler {
	none := f.Metrics.meter("none")
	routes := newRoutes(func(w http.ResponseWriter, r *http.Request, status int, message string) {
		x := f.exchange(w, r)
		writeError(w, Error{Code: status, Message: message})
		took := time.Since(x.began)
		f.log(x, "", status, took, message)
		none.count(status, took)
	})
	for i := range operations {
		b := &operations[i]
		meter := f.Metrics.meter(b.ID)
		routes.add(b.Method, b.Path, func(w http.ResponseWriter, r *http.Request) {
			f.answer(b, meter, w, r)
		})
	}
	return routes
}

func (f *Frame) exchange(w http.ResponseWriter, r *http.Request) *exchange {
	x := &exchange{w: w, r: r, address: f.Address(r), trace: traceID(r), began: time.Now()}
	h := w.Header()
	h[traceHeader] = []string{x.trace}
	protect(h)
	return x
}

// answer takes one request through an operation.
func (f *Frame) answer(b *Bound, meter *meter, w http.ResponseWriter, r *http.Request) {
	x := f.exchange(w, r)
	out, err := f.perform(b, x)
	status, reason := f.write(b, x, out, err)
	f.Bodies.Return(x.r, x.held)
	took := time.Since(x.began)
	f.log(x, b.ID, status, took, reason)
	meter.count(status, took)
	if status == statusGone {
		panic(http.ErrAbortHandler) // else net/http would say 200 to a client that only half went
	}
}

func (f *Frame) perform(b *Bound, x *exchange) (out any, err error) {
	defer func() {
		if v := recover(); v != nil {
			out, err = nil, panicked(v)
		}
		x.place.Leave()
	}()
	if f.gate(b).Full() {
		return nil, errBusy // before it costs anything
	}
	company, ok := f.Company(x.r)
	if !ok {
		return nil, errNoCompany
	}
	if b.Needs.Public() {
		x.caller = auth.Caller{Company: company}
	} else {
		x.credentials = credentials(b, x.r)
		if x.caller, err = f.Authenticate(x.r.Context(), company, x.credentials); err != nil {
			return nil, err
		}
	}
	if f.Active != nil && !b.Passive && x.caller.Kind == auth.UserSession {
		f.Active(x.caller.User)
	}
	return b.serve(f, b, x)
}

var errBusy = apierr.Busy("The pod has too much to do at the moment, try again")

// gate returns what bounds an operation; nil for none.
func (f *Frame) gate(b *Bound) *front.Gate {
	switch {
	case b.Login:
		return f.Logins
	case b.Waits:
		return nil
	case b.writes:
		return f.Writes
	}
	return f.Reads
}

// enter takes the place of an operation whose input has been read. perform gives it back.
func (f *Frame) enter(b *Bound, x *exchange) (err error) {
	x.place, err = f.gate(b).Enter(x.r)
	if errors.Is(err, front.ErrFull) {
		return errBusy
	}
	return err
}

// The names of the headers as net/http keeps them: looked up directly, since making them out
// of the published spelling would cost as much as the rest of the look-up.
const (
	sessionHeader       = "Sessiontoken"
	authorizationHeader = "Authorization"
	keyManagerHeader    = "Keymanagertoken"
	traceHeader         = "X-Trace-Id"
)

func header(r *http.Request, name string) string {
	if values := r.Header[name]; len(values) > 0 {
		return values[0]
	}
	return ""
}

func credentials(b *Bound, r *http.Request) Credentials {
	c := Credentials{SessionToken: header(r, sessionHeader), Authorization: header(r, authorizationHeader)}
	if b.Needs.Scope() != "" {
		c.SessionToken = "" // what takes access tokens takes no others
	}
	// The SDKs send this one to the Agent's operations. Others have no use for it, and some
	// clients send it everywhere.
	if strings.HasPrefix(r.URL.Path, "/agent/") {
		c.KeyManager = header(r, keyManagerHeader)
	}
	return c
}
