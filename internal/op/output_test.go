package op_test

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"reflect"
	"slices"
	"testing"

	"podium/internal/auth"
	"podium/internal/op"
	"podium/internal/wire"
)

// desk is a chapter whose operations answer in ways that hold each other.
type desk struct {
	told chan error // how each answer of draw ended
}

type drawn struct {
	Card string `json:"card"`
}

type drawInput struct {
	Card string `query:"card" required:"false" maxLength:"10"`
}

// draw answers with nothing if no card is named.
func (d *desk) draw(_ context.Context, _ auth.Caller, in drawInput) (op.Handed[op.Optional[op.Versioned[drawn]]], error) {
	out := op.Handed[op.Optional[op.Versioned[drawn]]]{Then: func(err error) { d.told <- err }}
	if in.Card != "" {
		out.Value.Value = &op.Versioned[drawn]{Value: drawn(in), Tag: "v1"}
	}
	return out, nil
}

func (d *desk) plain(context.Context, auth.Caller, struct{}) (drawn, error) { return drawn{"ace"}, nil }

// open serves operations of the desk, and notes the credentials that each request came with.
func (d *desk) open(t *testing.T, operations ...op.Operation[desk]) (bound []op.Bound, ask func(path string) *http.Response, seen *[]op.Credentials) {
	t.Helper()
	seen = new([]op.Credentials)
	frame := &op.Frame{
		MaxBody: 1000, Log: slog.New(slog.DiscardHandler),
		Company: func(*http.Request) (wire.CompanyID, bool) { return 7, true },
		Address: func(*http.Request) string { return "192.0.2.7" },
		Authenticate: func(_ context.Context, _ wire.CompanyID, c op.Credentials) (auth.Caller, error) {
			*seen = append(*seen, c)
			return auth.Caller{Company: 7, Kind: auth.UserSession}, nil
		},
	}
	bound = op.Bind(d, operations...)
	server := httptest.NewServer(frame.Handler(bound))
	t.Cleanup(server.Close)
	return bound, func(path string) *http.Response {
		t.Helper()
		r, err := http.NewRequest(http.MethodGet, server.URL+path, nil)
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("sessionToken", "session")
		r.Header.Set("keyManagerToken", "key manager")
		response, err := server.Client().Do(r)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { response.Body.Close() })
		return response
	}, seen
}

// Outputs hold each other: each adds what it says, and the description knows of all of it.
func TestOutputsHoldEachOther(t *testing.T) {
	t.Parallel()
	d := &desk{told: make(chan error, 2)}
	bound, ask, _ := d.open(t, op.Operation[desk]{
		ID: "draw", Route: "GET /draw", Tag: "Desk", Summary: "Draw.", Needs: auth.AnyUser, Handle: op.Call((*desk).draw),
	})
	if want := (op.Form{Content: reflect.TypeFor[drawn](), Optional: true, Tagged: true}); bound[0].Form != want {
		t.Errorf("the form is %+v, not %+v", bound[0].Form, want)
	}
	full := ask("/draw?card=king")
	body, err := io.ReadAll(full.Body)
	if err != nil || full.StatusCode != 200 || string(body) != `{"card":"king"}` || full.Header.Get("ETag") != "v1" {
		t.Errorf("%d %q %s, %v", full.StatusCode, full.Header.Get("ETag"), body, err)
	}
	if empty := ask("/draw"); empty.StatusCode != 204 || empty.Header.Get("ETag") != "" {
		t.Errorf("of nothing: %d %q", empty.StatusCode, empty.Header.Get("ETag"))
	}
	for range 2 { // the operation is told after the client has the answer
		if err := <-d.told; err != nil {
			t.Errorf("the operation is told %v", err)
		}
	}
}

// The declaration says which operations take the key manager's token; the path does not.
func TestTheKeyManagersToken(t *testing.T) {
	t.Parallel()
	_, ask, seen := (&desk{}).open(t,
		op.Operation[desk]{
			ID: "both", Route: "GET /both", Tag: "Desk", Summary: "Take both tokens.", Needs: auth.AnyUser, KeyManagerToken: true,
			Handle: op.Call((*desk).plain),
		},
		op.Operation[desk]{
			ID: "one", Route: "GET /agent/one", Tag: "Desk", Summary: "Take one token.", Needs: auth.AnyUser, Handle: op.Call((*desk).plain),
		},
	)
	ask("/both")
	ask("/agent/one")
	want := []op.Credentials{{SessionToken: "session", KeyManager: "key manager"}, {SessionToken: "session"}}
	if !slices.Equal(*seen, want) {
		t.Errorf("the credentials are %+v, not %+v", *seen, want)
	}
}
