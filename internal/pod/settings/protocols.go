package settings

import (
	"slices"

	"podium/internal/apierr"
	"podium/internal/auth"
	"podium/internal/db"
	"podium/internal/db/lock"
	"podium/internal/journal"
	"podium/internal/op"
)

var listProtocolsV1 = op.Operation[Service]{
	ID:      "listProtocolsV1",
	Route:   "GET /pod/v1/admin/system/protocols/list",
	Tag:     "System",
	Summary: "List every allowed URI scheme, in alphabetical order.",
	Needs:   auth.AnyUser,
	Opens:   []auth.Permission{auth.SendMessages},
	Handle:  op.Read((*Service).listProtocolsV1),
}

type nothing struct{}

func (s *Service) listProtocolsV1(tx *db.Tx, caller auth.Caller, _ nothing) ([]Scheme, error) {
	return AllowedSchemes(tx, caller.Company)
}

var listProtocols = op.Operation[Service]{
	ID:      "listProtocols",
	Route:   "GET /pod/v2/system/protocols",
	Tag:     "System",
	Summary: "List the allowed URI schemes, in alphabetical order.",
	Needs:   auth.AnyUser,
	Handle:  op.Read((*Service).listProtocols),
}

type listProtocolsInput struct {
	Skip  int `query:"skip" default:"0" min:"0" max:"1000000000"`
	Limit int `query:"limit" default:"100" min:"1" max:"1000"`
}

func (s *Service) listProtocols(tx *db.Tx, caller auth.Caller, in listProtocolsInput) ([]Scheme, error) {
	all, err := AllowedSchemes(tx, caller.Company)
	if err != nil {
		return nil, err
	}
	all = all[min(in.Skip, len(all)):]
	return all[:min(in.Limit, len(all))], nil
}

var allowProtocol = op.Operation[Service]{
	ID:      "allowProtocol",
	Route:   "POST /pod/v1/admin/system/protocols",
	Tag:     "System",
	Summary: "Allow a URI scheme in links.",
	About: "A scheme that is already allowed is no error. Schemes that run programs " +
		"(javascript) are refused.",
	Needs:  auth.All(auth.AccessUserProvisioningAPI),
	Handle: op.Write((*Service).allowProtocol),
}

// Protocol is a URI scheme in its published object.
type Protocol struct {
	Scheme Scheme `json:"scheme" maxLength:"64" refusal:"Invalid value for scheme: a letter is expected, then letters, digits, +, - and ., at most 64 of all" doc:"A letter, then letters, digits, + - and . ; answered in lower case."`
}

type allowProtocolInput struct {
	Body Protocol
}

func (in allowProtocolInput) Validate() error {
	if in.Body.Scheme == "" {
		return apierr.Invalid("scheme: it is required")
	}
	return nil
}

// ProtocolAllowed is recorded when a company allows a URI scheme.
type ProtocolAllowed struct {
	Scheme string `json:"scheme"`
}

// Kind returns the name of this fact in the log.
func (ProtocolAllowed) Kind() string { return "protocol.allowed" }

// Audience returns the company of the actor.
func (ProtocolAllowed) Audience() journal.Audience { return journal.Within() }

// AuditLine names the scheme.
func (ProtocolAllowed) AuditLine(of journal.Entry) journal.Line {
	return journal.Action("uriProtocolAdded", "URI protocol added").Of(of.Subject.ID)
}

func (s *Service) allowProtocol(tx *db.Tx, caller auth.Caller, in allowProtocolInput) (Protocol, error) {
	allowed, err := lockedSchemes(tx, caller)
	if err != nil || slices.Contains(allowed, in.Body.Scheme) {
		return in.Body, err
	}
	if len(allowed) >= most {
		return Protocol{}, apierr.Invalid("scheme: there are %d already, which is the most", most)
	}
	if err := decide(tx, caller.Company, in.Body.Scheme, true); err != nil {
		return Protocol{}, err
	}
	return in.Body, s.Journal.Record(tx, caller, journal.Thing(string(in.Body.Scheme)), ProtocolAllowed{string(in.Body.Scheme)})
}

var disallowProtocol = op.Operation[Service]{
	ID:      "disallowProtocol",
	Route:   "DELETE /pod/v1/admin/system/protocols/{scheme}",
	Tag:     "System",
	Summary: "Disallow a URI scheme in links.",
	Needs:   auth.All(auth.AccessUserProvisioningAPI),
	Success: 204,
	Handle:  op.Write((*Service).disallowProtocol),
}

type disallowProtocolInput struct {
	Scheme Scheme `path:"scheme" maxLength:"64" refusal:"Invalid value for scheme: a letter is expected, then letters, digits, +, - and ., at most 64 of all"`
}

// ProtocolDisallowed is recorded when a company disallows a URI scheme.
type ProtocolDisallowed struct {
	Scheme string `json:"scheme"`
}

// Kind returns the name of this fact in the log.
func (ProtocolDisallowed) Kind() string { return "protocol.disallowed" }

// Audience returns the company of the actor.
func (ProtocolDisallowed) Audience() journal.Audience { return journal.Within() }

// AuditLine names the scheme.
func (ProtocolDisallowed) AuditLine(of journal.Entry) journal.Line {
	return journal.Action("uriProtocolRemoved", "URI protocol removed").Of(of.Subject.ID)
}

func (s *Service) disallowProtocol(tx *db.Tx, caller auth.Caller, in disallowProtocolInput) (nothing, error) {
	allowed, err := lockedSchemes(tx, caller)
	if err != nil {
		return nothing{}, err
	}
	if !slices.Contains(allowed, in.Scheme) {
		return nothing{}, apierr.NotFound("Protocol not found")
	}
	if err := decide(tx, caller.Company, in.Scheme, false); err != nil {
		return nothing{}, err
	}
	return nothing{}, s.Journal.Record(tx, caller, journal.Thing(string(in.Scheme)), ProtocolDisallowed{string(in.Scheme)})
}

// lockedSchemes locks the allowed schemes of the caller's company until commit, and returns them.
func lockedSchemes(tx *db.Tx, caller auth.Caller) ([]Scheme, error) {
	if err := tx.Lock(lock.URISchemesOf(caller.Company)); err != nil {
		return nil, err
	}
	return AllowedSchemes(tx, caller.Company)
}
