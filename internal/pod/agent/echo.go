package agent

import (
	"context"

	"podium/internal/auth"
	"podium/internal/op"
)

var echo = op.Operation[Service]{
	ID:              "echo",
	Route:           "POST /agent/v1/util/echo",
	Tag:             "Util",
	Summary:         "Answer with what was sent, to test a session.",
	Needs:           auth.AnyUser,
	KeyManagerToken: true,
	Handle:          op.Call((*Service).echo),
}

var obsolete = op.Operation[Service]{
	ID:              "echoObsolete",
	Route:           "POST /agent/v1/util/obsolete",
	Tag:             "Util",
	Summary:         "Answer with what was sent, as an example of a deprecated operation.",
	Needs:           auth.AnyUser,
	KeyManagerToken: true,
	Deprecated:      true,
	Handle:          op.Call((*Service).echo),
}

type echoInput struct {
	Body SimpleMessage
}

// SimpleMessage is a text.
type SimpleMessage struct {
	Message string `json:"message" maxLength:"16384"`
}

func (s *Service) echo(_ context.Context, _ auth.Caller, in echoInput) (SimpleMessage, error) {
	return in.Body, nil
}
