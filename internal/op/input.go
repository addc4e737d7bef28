package op

import (
	"crypto/x509"

	"podium/internal/auth"
	"podium/internal/wire"
)

// An input is a struct whose fields say where each value comes from:
//
//	UID    wire.UserID `path:"uid"`
//	Limit  int         `query:"limit" default:"100" min:"1" max:"1000"`
//	Query  string      `query:"query"`           // required, since it has no default
//	Sort   string      `query:"sort" required:"false"`
//	Active *bool       `query:"active"`          // nil: not given
//	IDs    []int64     `query:"uid"`             // a list with commas
//	Scope  string      `header:"X-Scope"`
//	Peer   Peer                                  // who is at the other end
//	Body   RoomAttributes                        // the JSON body; a pointer: it may be left out
//
// In a body, null is the same as absent. Members that the type does not have, and parameters that the input does not
// have, are ignored and named in the answer's header Podium-Ignored; with Frame.StrictBodies a body with such members
// is refused. A member that is given twice is refused.
//
// Each text, list and whole number has limits, in parameters and in every member of a body, however deep. The frame
// refuses what is beyond them with 400 and the name of the parameter or the path of the member, before a transaction
// begins and before anything is made of the body; package openapi describes them. They are tags of the field:
//
//	min:"0" max:"1000"               a whole number
//	minLength:"1" maxLength:"256"    a text, in characters
//	pattern:"^[a-z]+$"               a text, as a regular expression (RE2), not anchored by itself
//	enum:"ASC,DESC"                  a text that is one of these, written just so
//	minItems:"1" maxItems:"100"      a list; beside them, the tags above are of its elements
//	refusal:"Too many participants"  the published words of a refusal, in the place of the frame's own; of a list,
//	                                 only of its length
//
// or a type declares them, for every field that has it, by a method Limits() wire.Limits (wire.UserID, wire.Time);
// a field's tags go before its type's. A type with a method Enum() []string takes texts of up to maxWord characters,
// and an operation's Validate says which of them it knows. The tags of the field Body are those of a body that is a
// list.
//
// Clients write values in ways of their own, which are taken: "true" and "False" for a boolean; "7", 7.0 and "7.0"
// for a whole number; None, null and undefined in a query for what is not given; a byte order mark before a body.

// Peer is the other end of a request's connection.
type Peer struct {
	Address      string              // IP address, behind a trusted proxy the one it names
	UserAgent    string              // as sent, at most 1,000 bytes
	Site         string              // the pod's address as the client knows it: scheme, host, port
	Certificates []*x509.Certificate // the TLS client's certificate and what it sent along, unverified
}

// concerning is an input that names the user whom the operation is about, for
// auth.SelfOr.
type concerning interface{ Concerns() wire.UserID }

func concernsCaller(in any, caller auth.Caller) bool {
	c, ok := in.(concerning)
	return ok && caller.User != 0 && c.Concerns() == caller.User
}
