package openapi_test

import (
	"context"
	"encoding/json"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"

	"podium/internal/auth"
	"podium/internal/op"
	"podium/internal/openapi"
	"podium/internal/wire"
)

// shelf is a chapter of this test: it lends books.
type shelf struct{}

// Genre has fixed values.
type Genre string

// Enum returns the values.
func (Genre) Enum() []string { return []string{"CRIME", "VERSE"} }

// Shelfmark is a number that is written as text.
type Shelfmark int

func (m Shelfmark) MarshalJSON() ([]byte, error) { return json.Marshal("S" + string(rune('0'+m))) }

// JSONAs returns a value of the type that its JSON has.
func (Shelfmark) JSONAs() any { return "" }

// Book differs between requests, where nothing is required, and answers.
type Book struct {
	Stamp
	ID       string            `json:"id" maxLength:"10" doc:"Made by the pod."`
	Title    string            `json:"title" minLength:"1" maxLength:"80"`
	Genre    Genre             `json:"genre,omitempty"`
	Mark     Shelfmark         `json:"mark" maxLength:"8" pattern:"^S[0-9]+$"`
	Owner    wire.UserID       `json:"owner"`
	Readers  []wire.UserID     `json:"readers" minItems:"1" maxItems:"10"`
	Labels   map[string]string `json:"labels,omitempty" maxItems:"5" maxLength:"7"`
	Sequel   *Book             `json:"sequel,omitempty" doc:"The book after this one."`
	Returned *wire.Time        `json:"returned"`
	hidden   string
	Secret   string `json:"-"`
}

// Stamp is embedded.
type Stamp struct {
	Created wire.Time `json:"created"`
}

// Note is the same in requests and answers.
type Note struct {
	Kept *bool `json:"kept,omitempty"`
}

// Page is a page of any type.
type Page[T any] struct {
	Items []T `json:"items"`
}

type listInput struct {
	UID    []wire.UserID `query:"uid" maxItems:"3"`
	Limit  int           `query:"limit" default:"100" min:"1" max:"1000" doc:"How many at most."`
	Active *bool         `query:"active"`
	Word   string        `query:"word" maxLength:"20" enum:"a,b"`
	Scope  string        `header:"X-Scope" required:"false" maxLength:"9"`
	Peer   op.Peer
}

type bookInput struct {
	ID   string `path:"id" maxLength:"10"`
	Body Book
}

type noteInput struct {
	UID  wire.UserID `path:"uid"`
	Body *Note       `doc:"What to remember."`
}

func (in noteInput) Concerns() wire.UserID { return in.UID }

// call returns a handler that is only described, never called.
func call[In, Out any]() op.Handler[shelf] {
	return op.Call(func(*shelf, context.Context, auth.Caller, In) (out Out, err error) { return out, nil })
}

func operations() []op.Bound {
	_ = Book{}.hidden
	return op.Bind(&shelf{},
		op.Operation[shelf]{
			ID: "listBooks", Route: "GET /pod/v1/books", Tag: "Books", Summary: "List books.",
			Needs: auth.AnyUser, Opens: []auth.Permission{auth.ListUserStreams, auth.ManageRooms},
			Handle: call[listInput, op.Optional[Page[Book]]](),
		},
		op.Operation[shelf]{
			ID: "changeBook", Route: "PUT /pod/v1/books/{id}", Tag: "Books", Summary: "Change a book.",
			About: "Only <open> books change.", Needs: auth.All(auth.CreateApps, auth.MonitorRooms), Also: []int{404, 452},
			Handle: call[bookInput, Book](),
		},
		op.Operation[shelf]{
			ID: "writeNote", Route: "POST /agent/v1/user/{uid}/note", Tag: "Notes", Summary: "Write a note.",
			Needs: auth.SelfOr(auth.ViewUserDetail), Success: 201, Deprecated: true, KeyManagerToken: true,
			Handle: call[noteInput, Note](),
		},
		op.Operation[shelf]{
			ID: "forgetNote", Route: "DELETE /agent/v1/user/{uid}/note", Tag: "Notes", Summary: "Forget a note.",
			Needs: auth.AnApp, Success: 204, Handle: call[struct{}, struct{}](),
		},
		op.Operation[shelf]{
			ID: "login", Route: "POST /login/guest", Tag: "Login", Summary: "Log in.",
			Needs: auth.Anyone, Also: []int{401}, Handle: call[struct{}, wire.Success](),
		},
		op.Operation[shelf]{
			ID: "health", Route: "GET /health", Tag: "Login", Summary: "Is it well?",
			Needs: auth.Anyone, Handle: call[struct{}, map[string]any](),
		},
	)
}

func describe(t *testing.T) *openapi3.T {
	t.Helper()
	return openapi.Describe(operations(), openapi3.Info{Title: "Books", Version: "1"})
}
