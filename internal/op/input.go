package op

import (
	"crypto/x509"
	"net/http"

	"podium/internal/auth"
	"podium/internal/wire"
)

// An input is a struct whose fields declare where each value comes from:
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
//	Form   MessageForm                           // the multipart body, instead of a Body
//
// The fields of a Form are the parts of the body:
//
//	Message string   `part:"message" required:"true" maxLength:"1500000"`
//	Silent  bool     `part:"silent" default:"true"`
//	Files   []Upload `part:"attachment" maxItems:"25"`   // parts with a file name
//
// Files are written to temporary files while they arrive, so they take little memory. An empty part
// is the same as an absent one. Operation.MaxBody limits the size of all parts together.
//
// In a body, null is the same as absent. Members that the type does not have, and parameters that
// the input does not have, are ignored and named in the answer's header Podium-Ignored. With
// Frame.StrictBodies a body with such members is refused. A duplicate member is refused.
//
// A field such as
//
//	_ struct{} `unread:"userMetadata"`
//
// declares a published member that an operation does not read. The header names it, and no body is
// refused for it.
//
// Each text, list and whole number has limits, in parameters and in every member of a body at any
// depth. The frame refuses a value beyond them with 400 and the name of the parameter or the path
// of the member. It does so before a transaction begins and before the body is decoded. Package
// openapi describes the limits. They are tags of the field:
//
//	min:"0" max:"1000"               a whole number
//	minLength:"1" maxLength:"256"    a text, in characters
//	pattern:"^[a-z]+$"               a text, as a regular expression (RE2), not anchored by itself
//	enum:"ASC,DESC"                  a text that is one of these, written just so
//	minItems:"1" maxItems:"100"      a list; beside them, the tags above are of its elements
//	refusal:"Too many participants"  the published words of a refusal, instead of the frame's own;
//	                                 for a list, only if its length is refused
//
// Or a type declares them, for every field of the type, by a method Limits() wire.Limits
// (wire.UserID, wire.Time). A field's tags override those of its type. A type with a method Enum()
// []string accepts texts of up to maxWord characters, and the operation's Validate refuses unknown
// ones. The tags of the field Body apply to a body that is a list.
//
// A type whose method JSONAs returns nil takes any JSON. Operation.MaxBody limits it, and the
// handler checks it.
//
// Other spellings that clients use are accepted: "true" and "False" for a boolean; "7", 7.0 and
// "7.0" for a whole number; None, null and undefined in a query for an absent value; a byte order
// mark before a body.

// Peer is the other end of a request's connection.
type Peer struct {
	// the IP address; behind a trusted proxy the one that it reports
	Address   string
	UserAgent string // as sent, at most 1,000 bytes
	Site      string // the pod's address as the client knows it: scheme, host, port
	// the TLS client's certificate and the others it sent, unverified
	Certificates []*x509.Certificate

	request *http.Request
}

// concerning is an input that names the user that the operation concerns, for auth.SelfOr.
type concerning interface{ Concerns() wire.UserID }

func concernsCaller(in any, caller auth.Caller) bool {
	c, ok := in.(concerning)
	return ok && caller.User != 0 && c.Concerns() == caller.User
}
