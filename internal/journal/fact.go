package journal

import (
	"slices"
	"strings"

	"podium/internal/wire"
)

// Fact is an event as a small struct named in the past tense, with ids and the changes, never
// secrets or the text of a message. Its kind and its fields are permanent: fields may be added,
// none removed.
type Fact interface {
	// Kind returns the fact's name in the log, such as "room.opened". Facts about a stream, and
	// no others, begin with "stream.".
	Kind() string

	// Audience returns the companies that the fact concerns, and what each may know of it.
	Audience() Audience

	// AuditLine returns how the audit trail shows the fact, or why it does not. of is the fact's
	// entry; of a fact that is being recorded it has the company, the actor and the subject only.
	AuditLine(of Entry) Line
}

// Subject is what a fact is about. For a fact about a stream it is the stream.
type Subject struct {
	ID    string
	Name  string // of an account: its user name at that time
	Email string // of an account: its e-mail address at that time

	Number int64 // of a stream: the number of its row; only until the fact is stored
}

// Thing returns a subject that is not an account: an application, a room, a certificate.
func Thing(id string) Subject { return Subject{ID: id} }

// Audience says which companies a fact concerns. The company of the actor is always one of them.
type Audience struct {
	companies []wire.CompanyID
	told      func(wire.CompanyID) Fact
	stream    bool
	actor     Actor
}

// Actor is what other companies than the actor's learn of the actor.
type Actor int

// What they learn. No other company learns an e-mail address, a role or an application.
const (
	ActorNamed Actor = iota // the id and the user name: the actor is a member of the stream
	// only the id: the actor acted by an administrative right, and need not be a member
	ActorByID
	ActorHidden // nothing
)

// Within returns the audience of a fact that concerns only the actor's company.
func Within() Audience { return Audience{} }

// Between returns the audience of a fact that concerns several companies. told returns what one of
// them may know, for example the fact without the e-mail addresses of the others.
func Between(companies []wire.CompanyID, actor Actor, told func(wire.CompanyID) Fact) Audience {
	return Audience{companies: companies, told: told, actor: actor}
}

// InStream returns the audience of a fact about a stream: the companies that take part in it. told
// is as in Between.
func InStream(companies []wire.CompanyID, actor Actor, told func(wire.CompanyID) Fact) Audience {
	return Audience{companies: companies, told: told, actor: actor, stream: true}
}

// Told returns what a company may know of a fact. For outsider it is what a company without a
// user in the fact may know.
func Told(fact Fact, company wire.CompanyID) Fact {
	if a := fact.Audience(); a.told != nil {
		return a.told(company)
	}
	return fact
}

// Others returns the companies of the audience beside one, in order.
func (a Audience) Others(company wire.CompanyID) []wire.CompanyID {
	if !slices.ContainsFunc(a.companies, func(c wire.CompanyID) bool { return c != company }) {
		return nil
	}
	others := slices.DeleteFunc(slices.Clone(a.companies), func(c wire.CompanyID) bool { return c == company })
	slices.Sort(others)
	return slices.Compact(others)
}

// ofStream is the prefix of the kinds of facts about streams. The index events_by_stream uses it,
// too.
const ofStream = "stream."

// aboutStream reports whether facts of a kind are about a stream, which is then their subject.
func aboutStream(kind string) bool { return strings.HasPrefix(kind, ofStream) }
