package op_test

import (
	"bufio"
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"

	"podium/internal/apierr"
	"podium/internal/auth"
	"podium/internal/db"
	"podium/internal/db/dbtest"
	"podium/internal/op"
)

// tale is a chapter with a stream and with an output that is notified.
type tale struct{ told chan error }

type taleInput struct {
	Parts int    `query:"parts" default:"3" min:"0" max:"1000"`
	Fail  string `query:"fail" required:"false" maxLength:"100"`
}

func (s *tale) stream(_ context.Context, _ auth.Caller, in taleInput, out *op.Events[done]) error {
	if in.Fail == "before" {
		return apierr.Forbidden("no tales today")
	}
	if err := out.Begin(); err != nil {
		return err
	}
	for i := range in.Parts {
		event, err := op.EncodeEvent("part", string(rune('a'+i)), done{true})
		if err != nil {
			return err
		}
		if err := out.Send(event); err != nil {
			return err
		}
	}
	if in.Fail == "after" {
		return errors.New("a fault with a secret in it")
	}
	if in.Fail == "panic" {
		panic("a panic with a secret in it")
	}
	return out.Send()
}

func (s *tale) handed(*db.Tx, auth.Caller, nothing) (op.Handed[done], error) {
	return op.Handed[done]{Value: done{true}, Then: func(err error) { s.told <- err }}, nil
}

func tales(t *testing.T) (*stage, *tale) {
	t.Helper()
	s := newStage(t, dbtest.Open(t, dbtest.SQLite))
	chapter := &tale{told: make(chan error, 1)}
	s.server.Config.Handler = s.frame.Handler(op.Bind(chapter,
		op.Operation[tale]{ID: "tell", Route: "GET /tell", Tag: "Play", Summary: "Tells.", Needs: auth.AnyUser, Handle: op.Stream((*tale).stream)},
		op.Operation[tale]{ID: "hand", Route: "GET /hand", Tag: "Play", Summary: "Hands.", Needs: auth.AnyUser, Handle: op.Read((*tale).handed)}))
	return s, chapter
}

const alice = "sessionToken: token-of-alice"

// TestStream checks that an error before the first event is answered like any other, and that a
// later one ends the stream without being sent.
func TestStream(t *testing.T) {
	t.Parallel()
	s, _ := tales(t)
	whole := "event: part\nid: a\ndata: {\"OK\":true}\n\n"
	for query, want := range map[string]string{"": whole, "?fail=after": whole, "?fail=panic": whole} {
		a := s.ask("GET", "/tell"+query, "", alice)
		if a.status != 200 || a.header.Get("Content-Type") != "text/event-stream" || !strings.HasPrefix(a.body, strings.ReplaceAll(want, "OK", "ok")) {
			t.Errorf("%q: %d %q", query, a.status, a.body)
		}
		if strings.Contains(a.body, "secret") || strings.Contains(a.body, "code") {
			t.Errorf("%q: the stream contains the error: %q", query, a.body)
		}
	}
	s.want(s.ask("GET", "/tell?fail=before", "", alice), 403, "")
	s.want(s.ask("GET", "/tell?parts=x", "", alice), 400, "")
	s.want(s.ask("GET", "/tell", ""), 401, "")
}

// TestStreamInLines checks that events arrive one by one, and that the keep-alive is a comment.
func TestStreamInLines(t *testing.T) {
	t.Parallel()
	s, _ := tales(t)
	response, err := http.DefaultClient.Do(s.request("GET", "/tell?parts=2", nil, alice))
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	var lines []string
	for scanner := bufio.NewScanner(response.Body); scanner.Scan(); {
		lines = append(lines, scanner.Text())
	}
	want := []string{"event: part", "id: a", `data: {"ok":true}`, "", "event: part", "id: b", `data: {"ok":true}`, "", ":", ""}
	if !slices.Equal(lines, want) {
		t.Errorf("%q", lines)
	}
}

// TestHanded checks that Handed.Then is called after the answer was sent.
func TestHanded(t *testing.T) {
	t.Parallel()
	s, chapter := tales(t)
	s.want(s.ask("GET", "/hand", "", alice), 200, `{"ok":true}`)
	if err := <-chapter.told; err != nil {
		t.Errorf("what was handed over is said to have failed: %v", err)
	}
}
