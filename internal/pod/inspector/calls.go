package inspector

import (
	"math"

	"podium/internal/apierr"
	"podium/internal/auth"
	"podium/internal/db"
	"podium/internal/op"
	"podium/internal/wire"
)

var listCalls = op.Operation[Service]{
	ID:      "listInspectedCalls",
	Route:   "GET /podium/v1/inspector/calls",
	Tag:     "Inspector",
	Summary: "List recorded calls, the newest first.",
	About: "Of the node that answers: each node records what it has answered itself, in memory. " +
		"Without account and app, lists all calls of the company for callers with the right " +
		"ACCESS_USER_PROVISIONING_API, and the caller's own for others. Calls of the inspector are " +
		"not recorded.",
	Needs:   auth.AnyUser,
	Passive: true,
	Also:    []int{404},
	Handle:  op.Read((*Service).list),
}

type listInput struct {
	Account   *wire.UserID `query:"account" doc:"Whose calls."`
	App       *string      `query:"app" maxLength:"128" doc:"The calls of the sessions of an application."`
	Operation *string      `query:"operation" maxLength:"128"`
	Status    *string      `query:"status" maxLength:"3" pattern:"^[1-5]([0-9][0-9]|xx)$" doc:"Such as 403, or 4xx."`
	Before    *string      `query:"before" maxLength:"64" doc:"The id of a call: lists older ones."`
	Limit     *int64       `query:"limit" min:"1" max:"200" doc:"By default 50."`
}

func (in listInput) filter() filter {
	return filter{user: given(in.Account), app: given(in.App), operation: given(in.Operation), status: given(in.Status)}
}

// given returns a parameter, or the zero value if it was left out.
func given[T any](p *T) (value T) {
	if p != nil {
		value = *p
	}
	return value
}

// Calls is a page of calls.
type Calls struct {
	Node  string    `json:"node"`
	Since wire.Time `json:"since" doc:"When the node began to record."`
	Calls []Call    `json:"calls"`
	More  bool      `json:"more" doc:"There are older ones."`
}

// defaultPage is how many calls a page has.
const defaultPage = 50

func (s *Service) list(_ *db.Tx, caller auth.Caller, in listInput) (Calls, error) {
	f, err := s.allow(caller, in.filter())
	if err != nil {
		return Calls{}, err
	}
	before, limit := int64(math.MaxInt64), defaultPage
	if in.Before != nil {
		var ok bool
		if before, ok = s.Recorder.number(*in.Before); !ok {
			return Calls{}, apierr.Invalid("before: this node has no such call")
		}
	}
	if in.Limit != nil {
		limit = int(*in.Limit)
	}
	list, more := s.Recorder.before(caller.Company, before, limit, f)
	if list == nil {
		list = []Call{}
	}
	return Calls{Node: s.Recorder.Node, Since: s.Recorder.since, Calls: list, More: more}, nil
}

var getCall = op.Operation[Service]{
	ID:      "getInspectedCall",
	Route:   "GET /podium/v1/inspector/calls/{id}",
	Tag:     "Inspector",
	Summary: "Read a recorded call with its bodies.",
	About: "At most the first 16 KiB of each body. Secrets are masked: tokens, passwords, keys, cookies. " +
		"A read of a feed has the events that it was given, and when they were acknowledged.",
	Needs:   auth.AnyUser,
	Passive: true,
	Also:    []int{404},
	Handle:  op.Read((*Service).get),
}

type callInput struct {
	ID string `path:"id" maxLength:"64"`
}

func (s *Service) get(_ *db.Tx, caller auth.Caller, in callInput) (Detail, error) {
	if s.Recorder == nil {
		return Detail{}, errOff
	}
	d := s.Recorder.find(caller.Company, in.ID)
	if d == nil || d.User != caller.User && !s.mayAll(caller) {
		return Detail{}, apierr.NotFound("This node has no such call")
	}
	return *d, nil
}
