package op_test

import (
	"net/http"
	"testing"

	"podium/internal/apierr"
	"podium/internal/auth"
	"podium/internal/db"
	"podium/internal/op"
)

// worded is a body of errors with words as codes.
type worded struct {
	Word string `json:"word"`
}

func inWords(e op.Error) any { return worded{http.StatusText(e.Code)} }

type thenInput struct {
	Then string `query:"then" required:"false" maxLength:"100"`
}

func (p *play) versioned(_ *db.Tx, _ auth.Caller, in thenInput) (op.Versioned[done], error) {
	switch in.Then {
	case "changed":
		return op.Versioned[done]{}, apierr.Changed("another change was faster")
	case "barred":
		return op.Versioned[done]{}, apierr.Barrier("kept apart")
	case "panic":
		panic("a panic")
	}
	return op.Versioned[done]{Value: done{true}, Tag: "v1"}, nil
}

// TestOtherShapes checks a version's tag, unusual statuses, and errors in the form of another API.
func TestOtherShapes(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *stage) {
		o := op.Operation[play]{
			ID: "versioned", Route: "GET /play/versioned", Tag: "Play", Summary: "Plays.", Needs: auth.Scoped("plays", auth.ViewUserDetail),
			Handle: op.Read((*play).versioned), Also: []int{412, 452},
		}
		plain := o
		plain.ID, plain.Route, plain.Needs = "plain", "GET /play/plain", auth.AnyUser
		o.Errors = inWords
		s.server.Config.Handler = s.frame.Handler(op.Bind(s.play, o, plain))

		admin, alice := "sessionToken: token-of-admin", "sessionToken: token-of-alice"
		a := s.ask("GET", "/play/plain", "", alice)
		s.want(a, 200, `{"ok":true}`)
		if tag := a.header.Get("ETag"); tag != "v1" {
			t.Errorf("the tag is %q", tag)
		}
		s.want(s.ask("GET", "/play/plain?then=changed", "", alice), 412, `{"code":412,"message":"another change was faster"}`)
		s.want(s.ask("GET", "/play/plain?then=barred", "", alice), 452, `{"code":452,"message":"kept apart"}`)

		// Where an access token is needed, a session token is ignored.
		bearer := "Authorization: token-of-scope"
		s.want(s.ask("GET", "/play/versioned", "", admin), 401, `{"word":"Unauthorized"}`)
		s.want(s.ask("GET", "/play/versioned", "", admin, bearer), 200, `{"ok":true}`)
		s.want(s.ask("GET", "/play/versioned?then=changed", "", bearer), 412, `{"word":"Precondition Failed"}`)
		s.want(s.ask("GET", "/play/versioned?then=panic", "", bearer), 500, `{"word":"Internal Server Error"}`)
	})
}
