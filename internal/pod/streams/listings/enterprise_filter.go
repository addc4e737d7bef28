package listings

import (
	"strconv"

	"podium/internal/apierr"
	"podium/internal/pod/streams"
	"podium/internal/wire"
)

// EnterpriseFilter selects streams of a company: the published V2AdminStreamFilter. Absent, null
// and 0 members select everything.
type EnterpriseFilter struct {
	Types     []TypeObject `json:"streamTypes" maxItems:"100"`
	Scope     string       `json:"scope,omitempty" maxLength:"32" doc:"INTERNAL: of one company; EXTERNAL: of several."`
	Origin    string       `json:"origin,omitempty" maxLength:"32" doc:"INTERNAL: created in the caller's company. EXTERNAL: in another."`
	Status    string       `json:"status,omitempty" maxLength:"32" doc:"ACTIVE or INACTIVE."`
	Privacy   string       `json:"privacy,omitempty" maxLength:"32" doc:"PUBLIC or PRIVATE, for rooms of one company."`
	StartDate wire.Time    `json:"startDate,omitempty" doc:"Members or attributes changed since."`
	EndDate   wire.Time    `json:"endDate,omitempty" doc:"Members or attributes changed until."`
}

var (
	conversations = []string{string(streams.IM), string(streams.MIM), string(streams.Room)}
	scopes        = []string{streams.Internal, streams.External}
	statuses      = []string{"ACTIVE", "INACTIVE"}
	privacies     = []string{"PUBLIC", "PRIVATE"}
)

// validate returns an error for the first member that is not a published word, and normalizes the
// others.
func (f *EnterpriseFilter) validate() error {
	for i := range f.Types {
		name, ok := wire.OneOf(string(f.Types[i].Type), conversations)
		if !ok {
			return apierr.Invalid("Invalid value for streamTypes: one of %v is expected", conversations)
		}
		f.Types[i].Type = streams.Type(name)
	}
	for _, c := range []struct {
		name  string
		value *string
		words []string
	}{{"scope", &f.Scope, scopes}, {"origin", &f.Origin, scopes}, {"status", &f.Status, statuses}, {"privacy", &f.Privacy, privacies}} {
		if *c.value == "" {
			continue
		}
		word, ok := wire.OneOf(*c.value, c.words)
		if !ok {
			return apierr.Invalid("Invalid value for %s: one of %v is expected", c.name, c.words)
		}
		*c.value = word
	}
	if f.EndDate != 0 && f.StartDate > f.EndDate {
		return apierr.Invalid("Invalid value for startDate: it is after endDate")
	}
	return nil
}

// where returns the conditions of a filter on streams s, and all parameters. $1 is the company.
func (f EnterpriseFilter) where(company wire.CompanyID) (where string, args []any) {
	args = []any{company}
	types := conversations
	if len(f.Types) > 0 {
		types = nil
		for _, t := range f.Types {
			types = append(types, string(t.Type))
		}
	}
	and := func(condition string, value any) {
		args = append(args, value)
		where += " AND " + condition + parameter(len(args))
	}
	args = append(args, types)
	where = " AND s.type IN ($2)"
	if f.Scope != "" {
		and("s.cross_pod = ", f.Scope == streams.External)
	}
	switch f.Origin {
	case streams.Internal:
		where += " AND s.company = $1"
	case streams.External:
		where += " AND s.company <> $1"
	}
	if f.Status != "" {
		and("s.active = ", f.Status == "ACTIVE")
	}
	if f.Privacy != "" {
		and("s.type = 'ROOM' AND NOT s.cross_pod AND s.public = ", f.Privacy == "PUBLIC")
	}
	if f.StartDate != 0 {
		and("s.modified >= ", f.StartDate)
	}
	if f.EndDate != 0 {
		and("s.modified <= ", f.EndDate)
	}
	return where, args
}

// parameter returns the placeholder of the n-th parameter.
func parameter(n int) string { return "$" + strconv.Itoa(n) }
