package op_test

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"

	"podium/internal/auth"
	"podium/internal/db/dbtest"
	"podium/internal/op"
)

const (
	published401 = `{"code":401,"message":"Invalid session"}`
	published403 = `{"code":403,"message":"The user lacks the required entitlement to perform this operation"}`
	internal500  = `{"code":500,"message":"Internal error"}`
)

func TestAnErrorLeavesNothing(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *stage) {
		for then, want := range map[string]struct {
			status int
			body   string
		}{"error": {500, internal500}, "panic": {500, internal500}, "forbidden": {403, published403}} {
			a := s.ask("POST", "/play/rows", `{"id": 1, "name": "x", "then": "`+then+`"}`)
			s.want(a, want.status, want.body)
			if s.rows() != 0 {
				t.Errorf("%s left a row", then)
			}
		}
		if !strings.Contains(s.log.String(), "play_test.go") {
			t.Error("the log does not tell where the panic was")
		}
		s.want(s.ask("POST", "/play/rows", `{"id": 1, "name": "x"}`), 200, `{"ok":true}`)
		if s.rows() != 1 {
			t.Error("the pod does not go on")
		}
	})
}

func TestManyAtOnce(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *stage) {
		var wg sync.WaitGroup
		for i := range 60 {
			wg.Go(func() {
				then := []string{"", "error", "panic"}[i%3]
				a := s.ask("POST", "/play/rows", fmt.Sprintf(`{"id": %d, "name": "x", "then": %q}`, i, then))
				if (a.status == 200) != (then == "") {
					t.Errorf("%q: %d %s", then, a.status, a.body)
				}
			})
		}
		wg.Wait()
		if n := s.rows(); n != 20 {
			t.Errorf("%d rows, not 20", n)
		}
	})
}

func TestAClientThatGoesLeavesNothing(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *stage) {
		ctx, cancel := context.WithCancel(context.Background())
		request := s.request("POST", "/play/slow", strings.NewReader(`{"id": 1, "name": "x"}`)).WithContext(ctx)
		gone := make(chan error)
		go func() {
			_, err := http.DefaultClient.Do(request)
			gone <- err
		}()
		<-s.entered
		cancel()
		if err := <-gone; err == nil {
			t.Fatal("the client did not go")
		}
		s.server.Close() // returns when the request has ended on the server's side too
		if s.rows() != 0 {
			t.Error("a row was left")
		}
		if !strings.Contains(s.log.String(), `"status":499`) {
			t.Errorf("the log does not say that the client went: %s", s.log)
		}
	})
}

func TestSessionsAndRights(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *stage) {
		alice, admin, obo, app := "sessionToken: token-of-alice", "sessionToken: token-of-admin", "sessionToken: token-of-obo", "sessionToken: token-of-app"
		own := fmt.Sprint("/play/self/", callers["token-of-alice"].User)
		for _, c := range []struct {
			name, path, header string
			status             int
			reason             string
		}{
			{"no session", "/play/rows", "X-Nothing: x", 401, ""},
			{"an unknown session", "/play/rows", "sessionToken: forged", 401, ""},
			{"any case of the header's name", "/play/rows", "SESSIONTOKEN: token-of-alice", 204, ""},
			{"a user without the right", "/play/guarded/7", alice, 403, "VIEW_USER_DETAIL"},
			{"rights go before the form of parameters", "/play/guarded/x", alice, 403, "VIEW_USER_DETAIL"},
			{"the form, for who may", "/play/guarded/x", admin, 400, ""},
			{"a user with the right", "/play/guarded/7", admin, 200, ""},
			{"oneself", own, alice, 200, ""},
			{"another user", "/play/self/7", alice, 403, "VIEW_USER_DETAIL"},
			{"another user, with the right", "/play/self/7", admin, 200, ""},
			{"an id that cannot exist", "/play/self/x", alice, 403, "VIEW_USER_DETAIL"},
			{"on behalf, closed", "/play/rows", obo, 403, "on-behalf-of"},
			{"on behalf, opened", "/play/opened", obo, 204, ""},
			{"an application", "/play/rows", app, 403, "session of kind"},
		} {
			a := s.ask("GET", c.path, "", c.header)
			if a.status != c.status || !strings.Contains(a.header.Get("Podium-Reason"), c.reason) {
				t.Errorf("%s: %d %q %s", c.name, a.status, a.header.Get("Podium-Reason"), a.body)
			}
			switch a.status {
			case 401:
				s.want(a, 401, published401)
				if a.header.Get("Podium-Reason") != "" {
					t.Errorf("%s: the cause of a 401 is told", c.name)
				}
			case 403:
				s.want(a, 403, published403)
			}
		}
		for _, words := range []string{"no session has this token", "the right VIEW_USER_DETAIL is missing"} {
			if !strings.Contains(s.log.String(), words) {
				t.Errorf("the log does not say: %s", words)
			}
		}
		s.want(s.ask("POST", "/play/app", "", alice), 403, published403)
	})
}

func TestASecretIsNeverLogged(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *stage) {
		secret := "SECRET-OF-THE-TEST"
		s.ask("GET", "/play/rows", "", "sessionToken: "+secret, "Authorization: Bearer "+secret, "keyManagerToken: "+secret, "Cookie: "+secret)
		s.ask("POST", "/play/rows", `{"id": 1, "name": "`+secret+`", "then": "error"}`)
		s.ask("POST", "/play/rows", `{"id": "`+secret+`"}`)
		s.ask("POST", "/play/rows", secret)
		s.ask("GET", "/play/echo/x/y?must="+secret, "")
		s.ask("GET", "/play/nothing?token="+secret, "")
		if strings.Contains(s.log.String(), secret) {
			t.Errorf("the log holds what the client sent: %s", s.log)
		}
		if n := strings.Count(s.log.String(), `"msg":"request"`); n != 6 {
			t.Errorf("%d lines of requests, not 6", n)
		}
	})
}

func TestAReasonIsAHeader(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *stage) {
		a := s.ask("POST", "/play/rows", `{"id": 1, "name": "x", "then": "forbidden"}`)
		if got := a.header.Get("Podium-Reason"); got != "the room is??another user's" {
			t.Errorf("Podium-Reason: %q", got)
		}
	})
}

func TestTraces(t *testing.T) {
	t.Parallel()
	s := newStage(t, dbtest.Open(t, dbtest.SQLite)) // none of this reaches the database
	for sent, taken := range map[string]bool{
		"Ab12-_": true, "": false, strings.Repeat("x", 65): false, "with space": false, "ü": false, `"><script>`: false,
	} {
		a := s.ask("GET", "/play/echo/1/w?must=m", "", "X-Trace-Id: "+sent)
		got := a.header.Get("X-Trace-Id")
		if (got == sent) != taken || got == "" {
			t.Errorf("trace id %q comes back as %q", sent, got)
		}
		if !strings.Contains(s.log.String(), `"trace":"`+got+`"`) {
			t.Errorf("the log lacks the trace id %q", got)
		}
	}
}

func TestMetricsByOperationAndStatus(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *stage) {
		s.ask("POST", "/play/rows", `{"id": 1, "name": "x"}`)
		s.ask("POST", "/play/rows", `{"id": 2, "name": "x", "then": "panic"}`)
		s.ask("POST", "/play/rows", `{"id": 3, "name": "x", "then": "panic"}`)
		s.ask("GET", "/play/none", "")
		families, err := s.registry.Gather()
		if err != nil {
			t.Fatal(err)
		}
		got := map[string]float64{}
		for _, f := range families {
			if f.GetName() != "podium_requests_total" {
				continue
			}
			for _, m := range f.GetMetric() {
				got[m.GetLabel()[0].GetValue()+" "+m.GetLabel()[1].GetValue()] = m.GetCounter().GetValue()
			}
		}
		for key, want := range map[string]float64{"write 200": 1, "write 500": 2, "none 404": 1} {
			if got[key] != want {
				t.Errorf("%s: %v, not %v; all: %v", key, got[key], want, got)
			}
		}
	})
}

func TestADatabaseThatIsGone(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, kind dbtest.Kind) {
		d := dbtest.Open(t, kind)
		s := newStage(t, d)
		if err := d.Close(); err != nil {
			t.Fatal(err)
		}
		for _, a := range []answer{
			s.ask("POST", "/play/rows", `{"id": 1, "name": "x"}`),
			s.ask("GET", "/play/rows", "", "sessionToken: token-of-alice"),
		} {
			s.want(a, 503, `{"code":503,"message":"The pod cannot answer at the moment, try again"}`)
			if a.header.Get("Retry-After") == "" {
				t.Error("503 without Retry-After")
			}
		}
	})
}

func TestNotFound(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *stage) {
		s.want(s.ask("GET", "/play/missing", ""), 400, `{"code":400,"message":"There is no such thing"}`)
		s.want(s.ask("GET", "/play/missing/listed", ""), 404, `{"code":404,"message":"There is no such thing"}`)
		s.want(s.ask("GET", "/play/missing", "", "Host: nowhere.example"), 404, `{"code":404,"message":"No pod answers at this address"}`)
	})
}

// TestBindRefusesHalfDeclarations checks that an incomplete declaration panics when the program
// starts.
func TestBindRefusesHalfDeclarations(t *testing.T) {
	t.Parallel()
	whole := op.Operation[play]{
		ID: "x", Route: "GET /x/{uid}", Tag: "T", Summary: "S.", Needs: auth.AnyUser, Handle: op.Read((*play).self),
	}
	for name, spoil := range map[string]func(*op.Operation[play]){
		"no id":           func(o *op.Operation[play]) { o.ID = "" },
		"no route":        func(o *op.Operation[play]) { o.Route = "/x" },
		"no tag":          func(o *op.Operation[play]) { o.Tag = "" },
		"no summary":      func(o *op.Operation[play]) { o.Summary = "" },
		"no need":         func(o *op.Operation[play]) { o.Needs = auth.Need{} },
		"no handler":      func(o *op.Operation[play]) { o.Handle = op.Handler[play]{} },
		"no such segment": func(o *op.Operation[play]) { o.Route = "GET /x" },
		"self without Concerns": func(o *op.Operation[play]) {
			o.Needs, o.Route, o.Handle = auth.SelfOr(auth.ViewUserDetail), "GET /x", op.Read((*play).missing)
		},
	} {
		o := whole
		spoil(&o)
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%s: bound", name)
				}
			}()
			op.Bind(&play{}, o)
		}()
	}
	op.Bind(&play{}, whole)
}
