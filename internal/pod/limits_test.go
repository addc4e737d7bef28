package pod_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/getkin/kin-openapi/openapi3"

	"podium/internal/auth"
	"podium/internal/client"
	"podium/internal/db/dbtest"
	"podium/internal/op"
	"podium/internal/openapi"
	"podium/internal/pod"
	"podium/internal/wire"
)

// TestOneMoreThanEachLimit checks each limit in docs/openapi.json: an operation refuses a value one
// beyond it, names the parameter or member, and begins no transaction. The chapters here have no
// database, and the frame's is closed, so a request that passed would panic or be answered 503.
func TestOneMoreThanEachLimit(t *testing.T) {
	if testing.Short() {
		t.Skip("slow: make test runs it")
	}
	t.Parallel()
	d := dbtest.Open(t, dbtest.SQLite)
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
	operations := pod.Catalogue()
	var caller auth.Caller
	frame := &op.Frame{
		DB: d, MaxBody: pod.DefaultMaxBody, Log: slog.New(slog.DiscardHandler),
		Company:      func(*http.Request) (wire.CompanyID, bool) { return 190, true },
		Authenticate: func(context.Context, wire.CompanyID, op.Credentials) (auth.Caller, error) { return caller, nil },
		Address:      func(*http.Request) string { return "192.0.2.1" },
	}
	handler := frame.Handler(operations)
	document := openapi.Describe(operations, pod.Info())
	limits, slowest, slow := 0, time.Duration(0), ""
	for i := range operations {
		o := &operations[i]
		caller = allowed(o)
		described := document.Paths.Value(o.Path).GetOperation(o.Method)
		for _, over := range beyond(t, o, described) {
			limits++
			w := httptest.NewRecorder()
			began := time.Now()
			handler.ServeHTTP(w, over.request)
			if took := time.Since(began); took > slowest {
				slowest, slow = took, o.ID+" "+over.name+" "+over.limit
			}
			last := over.name[strings.LastIndexByte(over.name, '.')+1:]
			if o.ID == "registerPresenceInterest" && strings.HasPrefix(over.limit, "maxItems") {
				last = "user id list" // the published words
			}
			var refusal op.Error
			if err := json.Unmarshal(w.Body.Bytes(), &refusal); w.Code != 400 || err != nil && o.Errors == nil || !strings.Contains(strings.ToLower(w.Body.String()), strings.ToLower(last)) {
				t.Errorf("%s, %s beyond %s: %d %.300s", o.ID, over.name, over.limit, w.Code, w.Body)
			}
		}
	}
	if limits < 500 {
		t.Errorf("only %d limits were tried", limits)
	}
	t.Logf("%d limits of %d operations; the slowest refusal took %v (%s)", limits, len(operations), slowest, slow)
}

// allowed returns a caller who may call an operation.
func allowed(o *op.Bound) auth.Caller {
	c := auth.Caller{Company: 190, Kind: auth.UserSession, User: wire.NewUserID(190, 7), Username: "x", Rights: auth.Set{}}
	for _, info := range auth.Roles() {
		for _, right := range slices.Concat(info.Grants, info.Optional) {
			c.Rights[right] = struct{}{}
		}
	}
	if scope := o.Needs.Scope(); scope != "" {
		c.Scopes = []string{scope}
	}
	if o.Needs.String() == auth.AnApp.String() {
		c = auth.Caller{Company: 190, Kind: auth.AppSession, App: "app"}
	}
	return c
}

// over is a request with one value beyond its limit.
type over struct {
	name, limit string
	request     *http.Request
}

// beyond returns a request for each limit of an operation's parameters and body.
func beyond(t *testing.T, o *op.Bound, described *openapi3.Operation) []over {
	t.Helper()
	var list []over
	for _, ref := range described.Parameters {
		p := ref.Value
		for limit, value := range parametersBeyond(p.Schema.Value) {
			list = append(list, over{p.Name, limit, oneCall(o, described, map[string]string{p.Name: value}, nil)})
		}
		if !limited(p.Schema.Value) {
			t.Errorf("%s: the parameter %s has no limits", o.ID, p.Name)
		}
	}
	if described.RequestBody == nil {
		return list
	}
	kind := "application/json"
	if o.HasForm() {
		kind = "multipart/form-data"
	}
	schema := described.RequestBody.Value.Content.Get(kind).Schema.Value
	var walk func(name string, s *openapi3.Schema, wrap func(any) any, depth int)
	walk = func(name string, s *openapi3.Schema, wrap func(any) any, depth int) {
		if !limited(s) {
			t.Errorf("%s: the member %s has no limits", o.ID, name)
		}
		for limit, value := range valuesBeyond(s) {
			body, err := json.Marshal(wrap(value))
			if err != nil {
				t.Fatal(err)
			}
			list = append(list, over{name, limit, oneCall(o, described, nil, body)})
		}
		if s.Items != nil {
			walk(name, s.Items.Value, func(v any) any { return wrap([]any{v}) }, depth)
		}
		for member, ref := range s.Properties {
			path := member
			if name != "body" {
				path = name + "." + member
			}
			walk(path, ref.Value, func(v any) any { return wrap(map[string]any{member: v}) }, depth+1)
		}
	}
	walk("body", schema, func(v any) any { return v }, 0)
	return list
}

// limited reports whether a text, a list or a whole number has limits.
func limited(s *openapi3.Schema) bool {
	switch {
	case s.Type.Is("string"):
		return s.MaxLength != nil || s.Enum != nil || s.Format == "binary" // a file: the body is limited
	case s.Type.Is("integer"):
		return s.Min != nil && s.Max != nil
	case s.Type.Is("array"):
		return s.MaxItems != nil && limited(s.Items.Value)
	}
	return s.Type.Is("boolean") || s.Type.Is("object")
}

// valuesBeyond returns a value beyond each limit of a schema.
func valuesBeyond(s *openapi3.Schema) map[string]any {
	values := map[string]any{}
	switch {
	case s.Type.Is("string") && s.MaxLength != nil:
		values["maxLength"] = strings.Repeat("x", int(*s.MaxLength)+1)
	case s.Type.Is("integer"):
		values["maximum"], values["minimum"] = int64(*s.Max)+1, int64(*s.Min)-1
	case s.Type.Is("array"):
		values["maxItems"] = make([]any, *s.MaxItems+1)
		if s.Items.Value.Format == "binary" {
			many := make([]any, *s.MaxItems+1)
			for i := range many {
				many[i] = client.FormFile{Name: "a.txt"}
			}
			return map[string]any{"maxItems": many}
		}
		if s.Items.Value.Type.Is("object") {
			many := make([]any, *s.MaxItems+1)
			for i := range many {
				many[i] = map[string]any{}
			}
			values["maxItems, of objects"] = many
		}
	}
	return values
}

func parametersBeyond(s *openapi3.Schema) map[string]string {
	texts := map[string]string{}
	if s.Type.Is("array") {
		texts["maxItems"] = strings.Repeat("1,", int(*s.MaxItems)) + "1"
		s = s.Items.Value
	}
	for limit, value := range valuesBeyond(s) {
		texts[limit] = fmt.Sprint(value)
	}
	return texts
}

// oneCall returns a call with the given parameters and valid values for all other required ones.
func oneCall(o *op.Bound, described *openapi3.Operation, given map[string]string, body []byte) *http.Request {
	path, query, headers := o.Path, url.Values{}, http.Header{}
	for _, ref := range described.Parameters {
		p := ref.Value
		value, ok := given[p.Name]
		if !ok && !p.Required {
			continue
		}
		if !ok {
			value = usual(o, p)
		}
		switch p.In {
		case "path":
			path = strings.ReplaceAll(path, "{"+p.Name+"}", url.PathEscape(value))
		case "query":
			query.Set(p.Name, value)
		default:
			headers.Set(p.Name, value)
		}
	}
	if o.HasForm() && body != nil {
		body, contentType, err := client.EncodeForm(body)
		if err != nil {
			panic(err) // the tests write the forms
		}
		r := httptest.NewRequest(o.Method, "http://pod.example"+path+"?"+query.Encode(), bytes.NewReader(body))
		r.Header.Set("Content-Type", contentType)
		return r
	}
	r := httptest.NewRequest(o.Method, "http://pod.example"+path+"?"+query.Encode(), io.NopCloser(bytes.NewReader(body)))
	for name, values := range headers {
		r.Header[name] = values
	}
	return r
}

// usual returns a valid value of a parameter.
func usual(o *op.Bound, p *openapi3.Parameter) string {
	if o.ID == "suppressMessage" && p.Name == "id" {
		return "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAbQ"
	}
	if p.Schema != nil && len(p.Schema.Value.Enum) > 0 {
		return fmt.Sprint(p.Schema.Value.Enum[0])
	}
	switch p.Name {
	case "mid", "messageId":
		return "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAbQ"
	case "sid", "streamId", "id":
		return "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAdA"
	case "scheme", "extension":
		return "txt"
	}
	return "1"
}
