package op

import (
	"context"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"podium/internal/auth"
	"podium/internal/wire"
)

// notes keeps what the frame hands over.
type notes struct{ list []Inspected }

func (n *notes) Keep(*Bound) (sent, answered int) { return 4, 6 }
func (n *notes) Inspect(in Inspected)             { n.list = append(n.list, in) }

// TestInspector checks what the frame hands over: the beginning of both bodies, also of paths
// without an operation, and that the client is sent all.
func TestInspector(t *testing.T) {
	t.Parallel()
	heard := &notes{}
	f := &Frame{
		Log: slog.New(slog.DiscardHandler), MaxBody: 1 << 10, Inspector: heard,
		Company: func(*http.Request) (wire.CompanyID, bool) { return 190, true },
		Address: func(*http.Request) string { return "192.0.2.1" },
		Authenticate: func(context.Context, wire.CompanyID, Credentials) (auth.Caller, error) {
			return auth.Caller{Company: 190, Kind: auth.UserSession, User: wire.NewUserID(190, 7)}, nil
		},
	}
	type input struct {
		Body struct {
			Text string `json:"text" maxLength:"100"`
		}
	}
	type none struct{}
	h := f.Handler(Bind(&none{},
		Operation[none]{ID: "echo", Route: "POST /echo", Tag: "T", Summary: "S.", Needs: auth.AnyUser, Handle: Call(
			func(_ *none, _ context.Context, _ auth.Caller, in input) (string, error) { return in.Body.Text, nil },
		)},
		Operation[none]{ID: "refuse", Route: "POST /refuse", Tag: "T", Summary: "S.", Needs: auth.All(auth.AccessAdminAPI), Handle: Call(
			func(*none, context.Context, auth.Caller, struct{}) (string, error) { return "", nil },
		)},
	))
	call := func(path, body string) string {
		w, r := httptest.NewRecorder(), httptest.NewRequest(http.MethodPost, path, strings.NewReader(body))
		h.ServeHTTP(w, r)
		return w.Body.String()
	}
	if got := call("/echo?a=b", `{"text": "long enough"}`); got != `"long enough"` {
		t.Errorf("answered %s", got)
	}
	call("/refuse", "")
	call("/nowhere", "unread")
	if len(heard.list) != 3 {
		t.Fatalf("%d exchanges", len(heard.list))
	}
	first := heard.list[0]
	if first.Operation.ID != "echo" || string(first.Sent.Bytes) != `{"te` || first.Sent.Size != 23 || string(first.Answered.Bytes) != `"long ` ||
		first.Answered.Size != 13 || first.Status != 200 || first.URL.RawQuery != "a=b" || first.Caller.User == 0 {
		t.Errorf("%+v", first)
	}
	if second := heard.list[1]; second.Status != 403 || !second.Unmet || !strings.Contains(second.Reason, "ACCESS_ADMIN_API") {
		t.Errorf("%+v", second)
	}
	if third := heard.list[2]; third.Operation != nil || third.Status != 404 || third.Caller.User == 0 || third.Sent.Size != 0 {
		t.Errorf("%+v", third)
	}
}
