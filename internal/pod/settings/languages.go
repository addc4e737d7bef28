package settings

import (
	"context"

	"podium/internal/auth"
	"podium/internal/op"
)

var listLanguages = op.Operation[Service]{
	ID:      "listLanguages",
	Route:   "GET /pod/v1/languages",
	Tag:     "Pod",
	Summary: "List the languages that clients of the pod may offer.",
	Needs:   auth.Anyone,
	Handle:  op.Call((*Service).listLanguages),
}

// Languages is a company's languages.
type Languages struct {
	Languages []string `json:"languages" doc:"Two-letter codes of ISO 639-1, in lower case. English is always among them."`
}

func (s *Service) listLanguages(_ context.Context, caller auth.Caller, _ nothing) (Languages, error) {
	c, _ := s.Companies.Get(caller.Company) // a request always has a known company
	return Languages{Languages: c.Languages}, nil
}
