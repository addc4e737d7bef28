package op

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"os"
	"time"

	"podium/internal/apierr"
	"podium/internal/auth"
	"podium/internal/db"
	"podium/internal/front"
	"podium/internal/wire"
)

// Frame answers requests with operations. Set its fields, then call Handler.
type Frame struct {
	DB  *db.DB
	Log *slog.Logger

	// MaxBody is the size limit of a body, in bytes.
	MaxBody int64

	// Spool is the folder of temporary files for uploads; empty: the system's.
	Spool string

	// StrictBodies refuses bodies with members that the operation does not know. Otherwise they are
	// ignored and named in the header Podium-Ignored.
	StrictBodies bool

	// Company returns the company that a request is addressed to.
	Company func(*http.Request) (wire.CompanyID, bool)

	// Authenticate returns the caller of the session that a request's credentials name. The error
	// is an apierr error: 401 if there is no such live session of the company.
	Authenticate func(context.Context, wire.CompanyID, Credentials) (auth.Caller, error)

	// Active is called for each call by a user in the user's own session, unless the operation is
	// Passive. It is called before the operation and must be quick. It may be nil.
	Active func(wire.UserID)

	// Address returns the client's IP address.
	Address func(*http.Request) string

	// Metrics counts requests; it may be nil.
	Metrics *Metrics

	// Inspector is told of each exchange; nil: none, and nothing is copied.
	Inspector Inspector

	Bounds
}

// Bounds holds the limits of concurrent work. A nil limit is none.
type Bounds struct {
	// Logins, Reads and Writes limit the operations that have read their input and have not ended:
	// logins, operations that change rows in one transaction, and the others. Operations that wait
	// for an event do not count.
	Logins, Reads, Writes *front.Gate

	// Bodies limits the memory of request bodies; the first 64 KiB of each do not count.
	Bodies *front.Budget

	// Uploads limits the bytes of temporary files.
	Uploads *front.Budget
}

// Credentials holds what identifies the sender of a request: headers, or the console's cookie.
type Credentials struct {
	SessionToken  string
	Authorization string
	KeyManager    string // sent beside a session token to the Agent's operations
	Cookie        bool   // the session token is from the console's cookie
}

// exchange is a request and its answer inside the frame.
type exchange struct {
	w           http.ResponseWriter
	r           *http.Request
	caller      auth.Caller
	credentials Credentials // that identify the caller
	query       []string    // the parameters in the query by their index in the plan; nil: none
	address     string
	trace       string
	began       time.Time
	place       front.Place // in one of the frame's gates
	held        int64       // bytes reserved from the frame's Bodies
	spooled     []*os.File  // the temporary files of uploads
	uploaded    int64       // bytes reserved from the frame's Uploads

	tokenInQuery bool // the query parameter token is an access token

	streaming bool // the answer is a stream of events that has begun

	captured *capture // for the frame's Inspector; nil: there is none
	unmet    bool     // the operation's Needs refused the caller
}

// Handler returns the handler of the operations at their routes. It answers everything else with
// 404 or 405.
func (f *Frame) Handler(operations []Bound) http.Handler {
	none := f.Metrics.meter("none")
	routes := newRoutes(func(w http.ResponseWriter, r *http.Request, status int, message string) {
		x := f.exchange(w, r)
		f.inspect(nil, x)
		writeError(x.w, Error{Code: status, Message: message})
		took := time.Since(x.began)
		f.log(x, "", status, took, message)
		none.count(status, took)
		f.inspected(nil, x, status, took, message)
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

// answer performs an operation for one request, and writes the answer and the log line.
func (f *Frame) answer(b *Bound, meter *meter, w http.ResponseWriter, r *http.Request) {
	x := f.exchange(w, r)
	f.inspect(b, x)
	out, err := f.perform(b, x)
	status, reason := f.write(b, x, out, err)
	if x.streaming {
		f.Metrics.stream(-1)
	}
	f.Bodies.Return(x.r, x.held)
	x.discard(f)
	took := time.Since(x.began)
	f.log(x, b.ID, status, took, reason)
	meter.count(status, took)
	f.inspected(b, x, status, took, reason)
	if status == statusGone {
		panic(http.ErrAbortHandler) // otherwise net/http would complete the answer with 200
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
		x.credentials, x.tokenInQuery = credentials(b, company, x.r), b.TokenInQuery
		if x.caller, err = f.Authenticate(x.r.Context(), company, x.credentials); err != nil {
			return nil, err
		}
	}
	if x.captured != nil {
		x.caller = x.caller.Noting(&x.captured.used)
	}
	if f.Active != nil && !b.Passive && x.caller.Kind == auth.UserSession {
		f.Active(x.caller.User)
	}
	out, err = b.serve(f, b, x)
	if handed, ok := out.(interface{ refuse(error) }); ok && err == nil {
		// The session may have ended while the operation waited. This costs little: sessions are
		// remembered.
		if _, err = f.Authenticate(x.r.Context(), company, x.credentials); err != nil {
			handed.refuse(err)
			return nil, err
		}
	}
	return out, err
}

var errBusy = apierr.Busy("The pod has too much to do at the moment, try again")

// gate returns the gate that limits an operation; nil for none.
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

// enter takes the place of an operation whose input has been read. perform returns it.
func (f *Frame) enter(b *Bound, x *exchange) (err error) {
	x.place, err = f.gate(b).Enter(x.r)
	if errors.Is(err, front.ErrFull) {
		return errBusy
	}
	return err
}

// The names of the headers in net/http's canonical form. They are looked up directly, because
// canonicalizing the published spelling would cost as much as the rest of the look-up.
const (
	sessionHeader       = "Sessiontoken"
	authorizationHeader = "Authorization"
	keyManagerHeader    = "Keymanagertoken"
	traceHeader         = "X-Trace-Id"
	contentEncoding     = "Content-Encoding"
)

// tokenParameter is the query parameter with the access token of operations with TokenInQuery.
const tokenParameter = "token"

func header(r *http.Request, name string) string {
	if values := r.Header[name]; len(values) > 0 {
		return values[0]
	}
	return ""
}

func credentials(b *Bound, company wire.CompanyID, r *http.Request) Credentials {
	c := Credentials{SessionToken: header(r, sessionHeader), Authorization: header(r, authorizationHeader)}
	if b.Needs.Scope() != "" {
		c.SessionToken = "" // what takes access tokens takes no others
	}
	if b.TokenInQuery && c.Authorization == "" {
		c.Authorization = r.URL.Query().Get(tokenParameter)
	}
	// Operations that do not take this header ignore it, because some clients send it always.
	if b.KeyManagerToken {
		c.KeyManager = header(r, keyManagerHeader)
	}
	if c.Authorization == "" && r.Header[sessionHeader] == nil && r.Header[authorizationHeader] == nil && fromConsole(r) {
		c.SessionToken = cookie(r, SessionCookie(company))
		c.Cookie = c.SessionToken != ""
	}
	return c
}
