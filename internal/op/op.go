// Package op defines an operation of the API as a value, and the frame that handles every request
// and answer. The frame handles what an operation must not forget: the company, the session, the
// rights, the transaction, errors, the log line, the metrics. The chapter that declares an
// operation implements it.
package op

import (
	"context"
	"fmt"
	"net/http"
	"path"
	"reflect"
	"strings"

	"podium/internal/auth"
	"podium/internal/db"
)

// Operation is an operation of the API in a chapter with service S.
type Operation[S any] struct {
	ID      string    // its name in docs/operations.txt and in `podium call`
	Route   string    // "POST /pod/v3/room/create", path parameters in braces
	Tag     string    // the section of the API description
	Summary string    // one sentence
	About   string    // what else a client should know
	Needs   auth.Need // what it needs of the caller; required
	// any of these (or of auth.Together) opens it to on-behalf-of sessions; empty: closed
	Opens   []auth.Permission
	Passive bool // a call is not activity of the user: polling, watching
	Login   bool // it counts against the limit of concurrent logins
	Waits   bool // it may wait for an event: it counts against no limit
	// it takes a key manager's token beside the session token, and checks it: the SDKs send both to
	// the Agent's operations
	KeyManagerToken bool
	// it also takes an access token in the query parameter token: the published description has it
	// there
	TokenInQuery bool
	Deprecated   bool
	Replaced     string // of a deprecated operation: the path and the method of what replaces it
	MaxBody      int64  // bytes of a body, where it may be larger than Frame.MaxBody
	// the media type of an output File or Download, such as "image/png"; empty for JSON
	Produces string
	Success  int // the status of success; 0: 200
	// other statuses in the description beside 400, 401, 403 and 500: 204, 404 …
	Also   []int
	Errors func(Error) any // makes the bodies of its errors, if its API has others than Error
	Handle Handler[S]
}

// Handler is the implementation of an operation. Write, Read, Call and Stream return one.
type Handler[S any] struct {
	in, out reflect.Type
	plan    *plan
	writes  bool // made by Write
	reads   bool // made by Read
	serve   func(s *S, f *Frame, b *Bound, x *exchange) (any, error)
}

// Write returns a handler that changes rows. It runs in one transaction, which is rolled back if it
// fails. It may run again, so it must change nothing but tx.
func Write[S, In, Out any](fn func(*S, *db.Tx, auth.Caller, In) (Out, error)) Handler[S] {
	h := handler(func(s *S, f *Frame, x *exchange, in In) (Out, error) {
		return db.Write(x.r.Context(), f.DB, func(tx *db.Tx) (Out, error) { return fn(s, tx, x.caller, in) })
	})
	h.writes = true
	return h
}

// Read returns a handler that reads one consistent state and changes nothing.
func Read[S, In, Out any](fn func(*S, *db.Tx, auth.Caller, In) (Out, error)) Handler[S] {
	h := handler(func(s *S, f *Frame, x *exchange, in In) (Out, error) {
		return db.Read(x.r.Context(), f.DB, func(tx *db.Tx) (Out, error) { return fn(s, tx, x.caller, in) })
	})
	h.reads = true
	return h
}

// Call returns a handler that begins its own transactions, because it waits or computes for long.
func Call[S, In, Out any](fn func(*S, context.Context, auth.Caller, In) (Out, error)) Handler[S] {
	return handler(func(s *S, _ *Frame, x *exchange, in In) (Out, error) {
		return fn(s, x.r.Context(), x.caller, in)
	})
}

// handler adds what all kinds share: input, rights and validation. They run in the published order:
// rights, then the form of the parameters, then of the body.
func handler[S, In, Out any](run func(*S, *Frame, *exchange, In) (Out, error)) Handler[S] {
	p := planFor(reflect.TypeFor[In]())
	return Handler[S]{
		in: reflect.TypeFor[In](), out: reflect.TypeFor[Out](), plan: p,
		serve: func(s *S, f *Frame, b *Bound, x *exchange) (any, error) {
			var in In
			malformed := p.parameters(x, reflect.ValueOf(&in).Elem())
			own := malformed == nil && concernsCaller(in, x.caller)
			var err error
			if x.caller, err = b.Needs.Check(x.caller, b.Opens, own); err != nil {
				x.unmet = true
				return nil, err
			}
			if malformed != nil {
				return nil, malformed
			}
			if err := p.body(f, b, x, reflect.ValueOf(&in).Elem()); err != nil {
				return nil, err
			}
			if v, ok := any(in).(validator); ok {
				if err := v.Validate(); err != nil {
					return nil, err
				}
			}
			return run(s, f, x, in)
		},
	}
}

// validator is an input that validates itself.
type validator interface{ Validate() error }

// Bound is an operation with its chapter's service, ready to serve.
type Bound struct {
	ID, Method, Path    string
	Tag, Summary, About string
	Chapter             string // the package that declares it
	Needs               auth.Need
	Opens               []auth.Permission
	Passive, Deprecated bool
	Replaced            string
	MaxBody             int64
	Login, Waits        bool
	Produces            string
	Success             int
	Also                []int
	Errors              func(Error) any // nil: Error itself
	In, Out             reflect.Type
	Form                Form // of Out
	KeyManagerToken     bool
	TokenInQuery        bool
	Reads               bool // made by Read: it changes no row

	writes bool
	serve  func(f *Frame, b *Bound, x *exchange) (any, error)
}

// HasForm reports whether the operation's body is a multipart form.
func (b *Bound) HasForm() bool {
	_, ok := b.In.FieldByName("Form")
	return ok
}

// Lists reports whether the operation's description has a status.
func (b *Bound) Lists(status int) bool {
	for _, s := range b.Also {
		if s == status {
			return true
		}
	}
	return false
}

// Bind binds operations to the service of their chapter. It panics for an incomplete declaration:
// that is a programming error, found when the program starts.
func Bind[S any](s *S, operations ...Operation[S]) []Bound {
	chapter := path.Base(reflect.TypeFor[S]().PkgPath())
	bound := make([]Bound, 0, len(operations))
	for _, o := range operations {
		method, route, ok := strings.Cut(o.Route, " ")
		switch {
		case o.ID == "" || !ok || o.Tag == "" || o.Summary == "":
			panic(fmt.Sprintf("operation %q (%s) lacks an ID, a route, a tag or a summary", o.ID, o.Route))
		case !o.Needs.Decided():
			panic(fmt.Sprintf("operation %s does not say what it needs of its caller", o.ID))
		case o.Handle.serve == nil:
			panic(fmt.Sprintf("operation %s has no handler", o.ID))
		case (o.Handle.out == reflect.TypeFor[File]() || o.Handle.out == reflect.TypeFor[Download]()) != (o.Produces != ""):
			panic(fmt.Sprintf("operation %s: a File or Download, and no other output, says by Produces of what type it is", o.ID))
		case o.Needs.ExceptSelf() && !o.Handle.in.Implements(reflect.TypeFor[concerning]()):
			panic(fmt.Sprintf("operation %s does not say whom it concerns", o.ID))
		case len(o.Handle.plan.unlimited) > 0:
			panic(fmt.Sprintf("operation %s has values without limits: %s", o.ID, strings.Join(o.Handle.plan.unlimited, ", ")))
		}
		o.Handle.plan.checkPath(o.ID, route)
		if o.Success == 0 {
			o.Success = http.StatusOK
		}
		serve := o.Handle.serve
		bound = append(bound, Bound{
			ID: o.ID, Method: method, Path: route, Tag: o.Tag, Summary: o.Summary, About: o.About,
			Chapter: chapter, Needs: o.Needs, Opens: o.Opens, Passive: o.Passive, Deprecated: o.Deprecated, Replaced: o.Replaced, MaxBody: o.MaxBody,
			Produces: o.Produces, Success: o.Success, Also: o.Also, Errors: o.Errors, In: o.Handle.in, Out: o.Handle.out,
			Form: formOf(o.Handle.out), KeyManagerToken: o.KeyManagerToken, TokenInQuery: o.TokenInQuery,
			Login: o.Login, Waits: o.Waits, Reads: o.Handle.reads, writes: o.Handle.writes,
			serve: func(f *Frame, b *Bound, x *exchange) (any, error) { return serve(s, f, b, x) },
		})
	}
	return bound
}
