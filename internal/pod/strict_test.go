package pod_test

import (
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"podium/internal/auth"
	"podium/internal/db/dbtest"
	"podium/internal/op"
	"podium/internal/openapi"
	"podium/internal/openapi/published"
	"podium/internal/pod"
	"podium/internal/wire"
)

// With strict bodies, no member of a published request body is refused as unknown, at any depth.
// The database is closed: a call that gets that far is answered 503.
func TestStrictBodiesKnowEachPublishedMember(t *testing.T) {
	t.Parallel()
	d := dbtest.Open(t, dbtest.SQLite)
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
	spec, operations := published.Load(t), pod.Catalogue()
	document := openapi.Describe(operations, pod.Info())
	var caller auth.Caller
	frame := &op.Frame{
		DB: d, MaxBody: pod.DefaultMaxBody, StrictBodies: true, Log: slog.New(slog.DiscardHandler),
		Company:      func(*http.Request) (wire.CompanyID, bool) { return 190, true },
		Authenticate: func(context.Context, wire.CompanyID, op.Credentials) (auth.Caller, error) { return caller, nil },
		Address:      func(*http.Request) string { return "192.0.2.1" },
	}
	handler := frame.Handler(operations)
	members := 0
	for i := range operations {
		o := &operations[i]
		known, ok := spec.Find(o.Method, o.Path)
		if !ok {
			continue
		}
		caller = allowed(o)
		for path, body := range known.Bodies() {
			members++
			text, err := json.Marshal(body)
			if err != nil {
				t.Fatal(err)
			}
			w := httptest.NewRecorder()
			handler.ServeHTTP(w, oneCall(o, document.Paths.Value(o.Path).GetOperation(o.Method), nil, text))
			if strings.Contains(w.Body.String(), "There is no such member") {
				t.Errorf("%s does not know %s: %s is answered %s", o.ID, path, text, w.Body)
			}
			if ignored := w.Header().Get("Podium-Ignored"); ignored != "" && !strings.HasSuffix(ignored, "userMetadata") {
				t.Errorf("%s ignores %s", o.ID, ignored)
			}
		}
	}
	if spec != nil && members < 500 {
		t.Errorf("only %d members were sent", members)
	}

	o := operations[slices.IndexFunc(operations, func(o op.Bound) bool { return o.ID == "searchUsers" })]
	caller = allowed(&o)
	w := httptest.NewRecorder()
	handler.ServeHTTP(w, httptest.NewRequest(o.Method, o.Path, strings.NewReader(`{"qery":"x"}`)))
	if w.Code != 400 || !strings.Contains(w.Body.String(), "qery") {
		t.Errorf("a member that no operation knows: %d %s", w.Code, w.Body)
	}
	t.Log(members, "members")
}
