package op_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/prometheus/client_golang/prometheus"

	"podium/internal/apierr"
	"podium/internal/auth"
	"podium/internal/db"
	"podium/internal/db/dbtest"
	"podium/internal/op"
	"podium/internal/wire"
)

// play is a chapter for the tests: its operations write rows, and then may fail.
type play struct {
	entered chan struct{} // holds a token for each running call of wait
	release chan struct{} // lets them return
}

type rowInput struct {
	Body rowBody
}

type rowBody struct {
	ID    int64       `json:"id" min:"0" max:"1000000"`
	Name  string      `json:"name" maxLength:"100000"`
	Then  string      `json:"then" maxLength:"100"` // error or panic
	Owner wire.UserID `json:"owner"`
	More  *moreBody   `json:"more"`
	Flags []bool      `json:"flags" maxItems:"100"`
}

type moreBody struct {
	Count int `json:"count" min:"0" max:"100"`
}

func (in rowInput) Validate() error {
	if in.Body.Name == "refuse me" {
		return apierr.Invalid("name: it is refused")
	}
	return nil
}

type done struct {
	OK bool `json:"ok"`
}

func (p *play) write(tx *db.Tx, _ auth.Caller, in rowInput) (done, error) {
	if err := tx.Exec(`INSERT INTO rows_of_play (id, name) VALUES ($1, $2)`, in.Body.ID, in.Body.Name); err != nil {
		return done{}, err
	}
	switch in.Body.Then {
	case "error":
		return done{}, errors.New("a fault with a secret in it")
	case "forbidden":
		return done{}, apierr.Forbidden("the room is\r\nanother user's")
	case "panic":
		panic("a panic with a secret in it")
	}
	return done{true}, nil
}

type echoInput struct {
	ID     wire.UserID   `path:"id"`
	Word   string        `path:"word" maxLength:"100"`
	Active *bool         `query:"active"`
	Soft   bool          `query:"soft" required:"false"`
	IDs    []wire.UserID `query:"ids" maxItems:"100"`
	Limit  int           `query:"limit" default:"50" min:"1" max:"100"`
	Must   string        `query:"must" maxLength:"100"`
	Scope  string        `header:"X-Scope" maxLength:"100"`
	Peer   op.Peer
}

type echo struct {
	ID     wire.UserID
	Word   string
	Active *bool
	Soft   bool
	IDs    []wire.UserID
	Limit  int
	Must   string
	Scope  string
	Agent  string
}

func (p *play) echo(_ context.Context, _ auth.Caller, in echoInput) (echo, error) {
	return echo{in.ID, in.Word, in.Active, in.Soft, in.IDs, in.Limit, in.Must, in.Scope, in.Peer.UserAgent}, nil
}

type selfInput struct {
	UID wire.UserID `path:"uid"`
}

func (in selfInput) Concerns() wire.UserID { return in.UID }

func (p *play) self(*db.Tx, auth.Caller, selfInput) (done, error) { return done{true}, nil }

type nothing struct{}

func (p *play) read(tx *db.Tx, _ auth.Caller, _ nothing) (op.Optional[done], error) {
	n, err := db.Value[int64](tx, `SELECT COUNT(*) FROM rows_of_play`)
	if err != nil || n == 0 {
		return op.Optional[done]{}, err
	}
	return op.Optional[done]{Value: &done{true}}, nil
}

func (p *play) missing(*db.Tx, auth.Caller, nothing) (done, error) {
	return done{}, apierr.NotFound("There is no such thing")
}

type waitInput struct {
	Body *rowBody
}

func (p *play) wait(ctx context.Context, _ auth.Caller, _ waitInput) (done, error) {
	p.entered <- struct{}{}
	select {
	case <-p.release:
		return done{true}, nil
	case <-ctx.Done():
		return done{}, ctx.Err()
	}
}

// slow writes a row and then waits inside its transaction.
func (p *play) slow(tx *db.Tx, _ auth.Caller, in rowInput) (done, error) {
	if err := tx.Exec(`INSERT INTO rows_of_play (id, name) VALUES ($1, $2)`, in.Body.ID, in.Body.Name); err != nil {
		return done{}, err
	}
	p.entered <- struct{}{}
	select {
	case <-p.release:
	case <-tx.Context().Done():
	}
	return done{true}, nil
}

func (p *play) operations() []op.Bound {
	operation := func(id, route string, needs auth.Need, handle op.Handler[play]) op.Operation[play] {
		return op.Operation[play]{ID: id, Route: route, Tag: "Play", Summary: "Plays.", Needs: needs, Handle: handle}
	}
	listed := operation("missingListed", "GET /play/missing/listed", auth.Anyone, op.Read((*play).missing))
	listed.Also = []int{404}
	login := operation("login", "POST /play/login", auth.Anyone, op.Call((*play).wait))
	login.Login = true
	waits := operation("waits", "POST /play/waits", auth.Anyone, op.Call((*play).wait))
	waits.Waits = true
	echoRows := operation("echoRows", "GET /play/echo/rows", auth.Anyone, op.Read((*play).missing))
	opened := operation("opened", "GET /play/opened", auth.AnyUser, op.Read((*play).read))
	opened.Opens = []auth.Permission{auth.GetPresence}
	return op.Bind(p,
		operation("write", "POST /play/rows", auth.Anyone, op.Write((*play).write)),
		operation("echo", "GET /play/echo/{id}/{word}", auth.Anyone, op.Call((*play).echo)),
		operation("read", "GET /play/rows", auth.AnyUser, op.Read((*play).read)),
		operation("missing", "GET /play/missing", auth.Anyone, op.Read((*play).missing)),
		operation("guarded", "GET /play/guarded/{uid}", auth.All(auth.ViewUserDetail), op.Read((*play).self)),
		operation("self", "GET /play/self/{uid}", auth.SelfOr(auth.ViewUserDetail), op.Read((*play).self)),
		operation("wait", "POST /play/wait", auth.Anyone, op.Call((*play).wait)),
		operation("slow", "POST /play/slow", auth.Anyone, op.Write((*play).slow)),
		operation("app", "POST /play/app", auth.AnApp, op.Call((*play).wait)),
		listed, opened, login, waits, echoRows,
	)
}

// stage is a frame with the chapter, and its log.
type stage struct {
	*play
	t        *testing.T
	frame    *op.Frame
	server   *httptest.Server
	registry *prometheus.Registry
	log      *safeBuffer
}

// callers maps session tokens to their callers.
var callers = map[string]auth.Caller{
	"token-of-alice": {Company: 7, Kind: auth.UserSession, User: 7<<36 | 1, Username: "alice", Rights: auth.Set{}},
	"token-of-admin": {Company: 7, Kind: auth.UserSession, User: 7<<36 | 2, Rights: auth.Set{auth.ViewUserDetail: {}}},
	"token-of-obo": {
		Company: 7, Kind: auth.OnBehalfSession, User: 7<<36 | 1, App: "an-app",
		Permissions: []auth.Permission{auth.GetPresence}, Rights: auth.Set{auth.ViewUserDetail: {}},
	},
	"token-of-app": {Company: 7, Kind: auth.AppSession, App: "an-app"},
}

// each runs a test on a stage, on every kind of database.
func each(t *testing.T, test func(t *testing.T, s *stage)) {
	t.Helper()
	dbtest.Each(t, func(t *testing.T, kind dbtest.Kind) { test(t, newStage(t, dbtest.Open(t, kind))) })
}

func newStage(t *testing.T, d *db.DB) *stage {
	t.Helper()
	s := &stage{
		play: &play{entered: make(chan struct{}, 100), release: make(chan struct{})},
		t:    t, log: &safeBuffer{}, registry: prometheus.NewRegistry(),
	}
	_, err := db.Write(context.Background(), d, func(tx *db.Tx) (struct{}, error) {
		return struct{}{}, tx.Exec(`CREATE TABLE rows_of_play (id BIGINT PRIMARY KEY, name TEXT NOT NULL)`)
	})
	if err != nil {
		t.Fatal(err)
	}
	s.frame = &op.Frame{
		DB: d, MaxBody: 10_000, Metrics: op.NewMetrics(s.registry),
		Log:     slog.New(slog.NewJSONHandler(s.log, &slog.HandlerOptions{Level: slog.LevelDebug})),
		Company: func(r *http.Request) (wire.CompanyID, bool) { return 7, r.Host != "nowhere.example" },
		Address: func(*http.Request) string { return "192.0.2.7" },
		Authenticate: func(_ context.Context, _ wire.CompanyID, c op.Credentials) (auth.Caller, error) {
			caller, ok := callers[c.SessionToken]
			if c.SessionToken == "" && c.Authorization == "token-of-scope" {
				caller, ok = callers["token-of-admin"], true
				caller.Scopes = []string{"plays"}
			}
			if !ok {
				return auth.Caller{}, apierr.InvalidSession("no session has this token")
			}
			return caller, nil
		},
	}
	s.server = httptest.NewServer(s.frame.Handler(s.operations()))
	t.Cleanup(s.server.Close)
	return s
}

type answer struct {
	status int
	header http.Header
	body   string
}

// ask sends a request; headers have the form "Name: value".
func (s *stage) ask(method, path, body string, headers ...string) answer {
	s.t.Helper()
	return s.send(s.request(method, path, strings.NewReader(body), headers...))
}

func (s *stage) request(method, path string, body io.Reader, headers ...string) *http.Request {
	s.t.Helper()
	r, err := http.NewRequest(method, s.server.URL+path, body)
	if err != nil {
		s.t.Fatal(err)
	}
	for _, h := range headers {
		name, value, _ := strings.Cut(h, ": ")
		if name == "Host" {
			r.Host = value
			continue
		}
		r.Header[http.CanonicalHeaderKey(name)] = []string{value}
	}
	return r
}

func (s *stage) send(r *http.Request) answer {
	s.t.Helper()
	transport := &http.Transport{DisableKeepAlives: true}
	response, err := transport.RoundTrip(r)
	if err != nil {
		s.t.Fatal(err)
	}
	defer response.Body.Close()
	data, err := io.ReadAll(response.Body)
	if err != nil {
		s.t.Fatal(err)
	}
	return answer{response.StatusCode, response.Header, string(data)}
}

// rows returns the number of rows.
func (s *stage) rows() int64 {
	s.t.Helper()
	n, err := db.Read(context.Background(), s.frame.DB, func(tx *db.Tx) (int64, error) {
		return db.Value[int64](tx, `SELECT COUNT(*) FROM rows_of_play`)
	})
	if err != nil {
		s.t.Fatal(err)
	}
	return n
}

func (s *stage) want(a answer, status int, body string) {
	s.t.Helper()
	if a.status != status || (body != "" && a.body != body) {
		s.t.Errorf("%d %s, not %d %s", a.status, a.body, status, body)
	}
	if a.status != http.StatusNoContent && a.header.Get("Content-Type") != "application/json; charset=utf-8" {
		s.t.Errorf("an answer of type %q", a.header.Get("Content-Type"))
	}
}

// safeBuffer is a log that can be read while it is written.
type safeBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (s *safeBuffer) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(p)
}

func (s *safeBuffer) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.String()
}
