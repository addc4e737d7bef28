package feeds

import (
	"context"
	"slices"

	"podium/internal/apierr"
	"podium/internal/auth"
	"podium/internal/db"
	"podium/internal/op"
	"podium/internal/pod/accounts/features"
	"podium/internal/pod/feeds/event"
)

// Scope is which streams a datahose covers.
type Scope string

const (
	internal  Scope = "INTERNAL"  // of one company
	external  Scope = "EXTERNAL"  // of several companies; and connections
	federated Scope = "FEDERATED" // with users of other networks
)

// Enum returns the published values.
func (Scope) Enum() []string { return []string{string(internal), string(external), string(federated)} }

var readEvents = op.Operation[Service]{
	ID:      "readEvents",
	Route:   "POST /agent/v5/events/read",
	Tag:     "Datahose",
	Summary: "Read what happens in all streams of the company.",
	About: "As readDatafeed, but for a feed named by its tag and its filters, which the first read creates. A " +
		"feed that is not read for half an hour begins again. Needs the features canCreateDatahose and " +
		"canReadDatahose. A user has at most five feeds.",
	Needs:           auth.AnyUser,
	KeyManagerToken: true,
	Passive:         true,
	Waits:           true,
	Handle:          op.Call((*Service).readEvents),
}

// Hose names a datahose, and acknowledges: the published V5EventsReadBody.
type Hose struct {
	Type           string   `json:"type" maxLength:"64"`
	Tag            string   `json:"tag" maxLength:"80" refusal:"tag is required and must not exceed 80 characters"`
	EventTypes     []string `json:"eventTypes" null:"true" maxItems:"64" maxLength:"64" doc:"Missing: all."`
	Scopes         []Scope  `json:"scopes" null:"true" maxItems:"8" doc:"Missing: all."`
	AckID          *AckID   `json:"ackId" maxLength:"256"`
	UpdatePresence *bool    `json:"updatePresence"`
}

type hoseInput struct {
	Body Hose
}

func (in hoseInput) Validate() error {
	if in.Body.Type != string(datahose) {
		return apierr.Invalid("Invalid type, only datahose is supported")
	}
	if in.Body.Tag == "" {
		return apierr.Invalid("tag is required and must not exceed 80 characters")
	}
	for _, t := range in.Body.EventTypes {
		if _, ok := event.Type(t).Kinds(); !ok {
			return apierr.Invalid("Unsupported event type: %s", t)
		}
	}
	for _, scope := range in.Body.Scopes {
		if !slices.Contains(scope.Enum(), string(scope)) {
			return apierr.Invalid("Unsupported scope: %s", scope)
		}
	}
	return nil
}

// filter returns the filter that the body describes, the same for every order of its lists.
func (h Hose) filter() filter {
	var f filter
	for _, t := range h.EventTypes {
		f.Types = append(f.Types, event.Type(t))
	}
	f.Scopes = slices.Clone(h.Scopes)
	slices.Sort(f.Types)
	slices.Sort(f.Scopes)
	return filter{Types: slices.Compact(f.Types), Scopes: slices.Compact(f.Scopes)}
}

func (s *Service) readEvents(ctx context.Context, caller auth.Caller, in hoseInput) (op.Handed[op.Ready[Events]], error) {
	selected := in.Body.filter()
	f, err := db.Read(ctx, s.DB, func(tx *db.Tx) (*feed, error) {
		if err := mayRead(tx, caller); err != nil {
			return nil, err
		}
		return hose(tx, caller, in.Body.Tag, selected)
	})
	if err == nil && f == nil {
		f, err = db.Write(ctx, s.DB, func(tx *db.Tx) (*feed, error) { return openHose(tx, caller, in.Body.Tag, selected) })
	}
	if err != nil {
		return op.Handed[op.Ready[Events]]{}, err
	}
	r := reading{s: s, caller: caller, kind: datahose, id: f.id, hold: s.Hold}
	if in.Body.AckID != nil {
		if r.ack, err = in.Body.AckID.number(f.id); err != nil {
			return op.Handed[op.Ready[Events]]{}, err
		}
	}
	s.notePresence(caller, in.Body.UpdatePresence)
	return r.answer(ctx)
}

func mayRead(tx *db.Tx, caller auth.Caller) error {
	for _, f := range []features.Name{features.CanCreateDatahose, features.CanReadDatahose} {
		if has, err := features.Has(tx, caller.User, f); err != nil || !has {
			if err == nil {
				err = apierr.Forbidden("the feature %s is needed", f)
			}
			return err
		}
	}
	return nil
}

// hose returns a live datahose of the caller, or nil.
func hose(tx *db.Tx, caller auth.Caller, tag string, selected filter) (*feed, error) {
	list, err := live(tx, caller.User, datahose)
	for _, f := range list {
		if f.tag == tag && f.filter.text() == selected.text() {
			return &f, nil
		}
	}
	return nil, err
}

// openHose returns a datahose of the caller, which it begins unless there is one.
func openHose(tx *db.Tx, caller auth.Caller, tag string, selected filter) (*feed, error) {
	if err := owners(tx, caller.User); err != nil {
		return nil, err
	}
	f, err := hose(tx, caller, tag, selected)
	if err != nil || f != nil {
		return f, err
	}
	list, err := live(tx, caller.User, datahose)
	if err != nil {
		return nil, err
	}
	if len(list) >= hosesEach {
		return nil, apierr.Refused("Too many datahose feeds. Maximum is 5 active feeds")
	}
	begun, err := insert(tx, caller, datahose, tag, selected)
	return &begun, err
}
