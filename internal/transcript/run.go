package transcript

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"strings"
	"testing"

	"podium/internal/client"
)

// runner runs the exchanges of one file, one after another.
type runner struct {
	t         testing.TB
	handler   http.Handler
	file      string
	config    Config
	variables variables
	edits     []edit
}

// run runs one exchange. If PODIUM_UPDATE is 1, it adds the edits of the expectations.
func (r *runner) run(x exchange) {
	r.t.Helper()
	updating := os.Getenv(Update) == "1"
	request, err := r.request(x)
	if err != nil {
		r.t.Fatalf("%s:%d: %s: %v", r.file, x.line+1, x.name(), err)
	}
	recorder := httptest.NewRecorder()
	r.handler.ServeHTTP(recorder, request)
	got := answer{status: recorder.Code, header: recorder.Result().Header, text: recorder.Body.String()}
	if wrong := r.compare(x, &got); len(wrong) > 0 {
		if updating {
			var edits []edit
			edits, err = r.update(x, &got)
			r.edits = append(r.edits, edits...)
		}
		if !updating || err != nil {
			r.report(x, got, append(wrong, reason(err)...))
		}
	}
	if r.config.After != nil {
		err := r.config.After(x.method, request.URL.RequestURI(), got.status, []byte(got.text))
		if err != nil {
			r.t.Errorf("%s:%d: %s: %v", r.file, x.line+1, x.name(), err)
		}
	}
	r.capture(x, got)
}

// answer is the answer of the handler.
type answer struct {
	status int
	header http.Header
	text   string
	body   *value // nil: empty or not JSON
}

func (x exchange) name() string { return fmt.Sprintf("%s> %s %s", x.actor, x.method, x.path) }

func (r *runner) request(x exchange) (*http.Request, error) {
	actor, known := r.config.Actors[x.actor]
	if !known && x.actor != "anonymous" {
		return nil, fmt.Errorf("the test has no actor %s", x.actor)
	}
	target, err := r.variables.target(x.path)
	if err != nil {
		return nil, err
	}
	if _, err := url.ParseRequestURI(target); err != nil {
		return nil, err
	}
	body, err := r.variables.expand(x.body, inJSON)
	if err != nil {
		return nil, err
	}
	contentType := "application/json"
	if x.multipart() {
		encoded, of, err := client.EncodeForm([]byte(body))
		if err != nil {
			return nil, err
		}
		body, contentType = string(encoded), of
	}
	request := httptest.NewRequestWithContext(r.t.Context(), x.method, target, strings.NewReader(body))
	if body != "" {
		request.Header.Set("Content-Type", contentType)
	}
	if actor != nil {
		actor(request)
	}
	for _, h := range x.headers {
		value, err := r.variables.expand(h.value, plain)
		if err != nil {
			return nil, err
		}
		if strings.EqualFold(h.name, "Host") {
			request.Host = value
			continue
		}
		if value != multipartForm {
			request.Header.Set(h.name, value)
		}
	}
	return request, nil
}

// multipartForm is the media type of a request whose body is written as a JSON object.
const multipartForm = "multipart/form-data"

// multipart reports whether the body of a request is a multipart form.
func (x exchange) multipart() bool {
	for _, h := range x.headers {
		if strings.EqualFold(h.name, "Content-Type") && h.value == multipartForm {
			return true
		}
	}
	return false
}

// compare lists where the answer differs from what is expected, and parses its body.
func (r *runner) compare(x exchange, got *answer) []string {
	if got.text != "" {
		if body, err := parseJSON(got.text); err == nil {
			got.body = &body
		}
	}
	if !x.expects {
		return []string{"nothing is expected yet; `make update` writes what comes back"}
	}
	var wrong []string
	if x.status != got.status {
		wrong = append(wrong, fmt.Sprintf("line %d: expected %d, got %d", x.statusLine+1, x.status, got.status))
	}
	for _, h := range x.answerHeaders {
		expected, err := r.variables.expand(h.value, plain)
		if values := got.header.Values(h.name); err != nil || len(values) == 0 || !headerMatches(expected, values[0]) {
			text := fmt.Sprintf("line %d: %s: expected %q, got %q", h.line+1, h.name, expected, values)
			wrong = append(wrong, append([]string{text}, reason(err)...)...)
		}
	}
	for _, difference := range r.compareBody(x, got) {
		wrong = append(wrong, fmt.Sprintf("line %d: %s", x.bodyLine+1, difference))
	}
	return wrong
}

func (r *runner) compareBody(x exchange, got *answer) []string {
	switch {
	case x.answer == nil && got.text == "":
		return nil
	case x.answer == nil:
		return []string{"no body is expected"}
	case x.answer.kind == str && x.answer.text == "<any>":
		return nil
	case got.body == nil && got.text == "":
		return []string{"a body is expected, there is none"}
	case got.body == nil:
		return []string{"the body is not JSON"}
	}
	expected, err := r.variables.value(*x.answer)
	if err != nil {
		return []string{err.Error()}
	}
	return differences(expected, *got.body, "")
}

// capture stores values for later exchanges. If one is missing the test ends, because later
// exchanges need it.
func (r *runner) capture(x exchange, got answer) {
	r.t.Helper()
	for _, c := range x.captures {
		text, err := captured(c.from, got)
		if err != nil {
			r.t.Fatalf("%s:%d: %s: capturing %s: %v\ngot %d\n%s", r.file, c.line+1, x.name(), c.name, err, got.status, got.text)
		}
		r.variables[c.name] = text
	}
}

func captured(from string, got answer) (string, error) {
	if name, ok := strings.CutPrefix(from, "header:"); ok {
		if len(got.header.Values(name)) == 0 {
			return "", fmt.Errorf("the answer has no header %s", name)
		}
		return got.header.Get(name), nil
	}
	if got.body == nil {
		return "", errors.New("the answer has no JSON body")
	}
	v, err := got.body.at(from)
	if err != nil {
		return "", err
	}
	if v.kind == object || v.kind == array {
		return "", fmt.Errorf("at %s is an %s, not a single value", from, v.kind)
	}
	return v.text, nil
}

func reason(err error) []string {
	if err == nil {
		return nil
	}
	return []string{err.Error()}
}

// longest is how many bytes of a body a report shows.
const longest = 4000

func (r *runner) report(x exchange, got answer, wrong []string) {
	r.t.Helper()
	var text strings.Builder
	fmt.Fprintf(&text, "%s:%d: %s\n", r.file, x.line+1, x.name())
	for _, w := range wrong {
		fmt.Fprintf(&text, "  %s\n", w)
	}
	if x.expects {
		fmt.Fprintf(&text, "expected:\n  %d\n", x.status)
		if x.answer != nil {
			fmt.Fprintf(&text, "  %s\n", strings.Join(layout(*x.answer), "\n  "))
		}
	}
	fmt.Fprintf(&text, "got:\n  %d\n", got.status)
	for _, name := range []string{"Podium-Reason", "X-Trace-Id"} {
		if value := got.header.Get(name); value != "" {
			fmt.Fprintf(&text, "  %s: %s\n", name, value)
		}
	}
	body := got.text
	if got.body != nil {
		body = strings.Join(layout(*got.body), "\n  ")
	}
	if len(body) > longest {
		body = body[:longest] + fmt.Sprintf("… (%d bytes)", len(body))
	}
	if body != "" {
		fmt.Fprintf(&text, "  %s\n", body)
	}
	r.t.Error(strings.TrimSuffix(text.String(), "\n"))
}
