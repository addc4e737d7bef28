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
// In a body, null is the same as absent, and members that the type does not have are ignored.

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
