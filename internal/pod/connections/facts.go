package connections

import (
	"podium/internal/journal"
	"podium/internal/pod/accounts"
	"podium/internal/wire"
)

// Facts lists the facts of this chapter, of each kind one.
func Facts() []journal.Fact {
	return []journal.Fact{
		Requested{}, WasAccepted{}, WasRejected{}, Withdrawn{}, Restored{}, WasRemoved{},
	}
}

// Parties names the two users of a fact of this chapter. Feeds make events for both users from it,
// so it has all data of a user that an event has. A feed does not deliver the user name to the
// other company.
type Parties struct {
	Requester Party `json:"requester"`
	Target    Party `json:"target"`
}

// Party is one of the two users, as its account was at that time.
type Party struct {
	UserID      wire.UserID `json:"userId"`
	Username    string      `json:"username"`
	Email       string      `json:"email"`
	DisplayName string      `json:"displayName"`
	FirstName   string      `json:"firstName"`
	LastName    string      `json:"lastName"`
}

func party(u accounts.User) Party {
	return Party{
		UserID: u.ID, Username: u.Username, Email: u.Email, DisplayName: u.DisplayName, FirstName: u.FirstName, LastName: u.LastName,
	}
}

func (p pair) parties(r record) Parties {
	if r.requester == p.self.ID {
		return Parties{Requester: party(p.self), Target: party(p.other)}
	}
	return Parties{Requester: party(p.other), Target: party(p.self)}
}

// Requested is recorded when a user asks another to connect.
type Requested struct{ Parties }

// Kind returns the name of this fact in the log.
func (Requested) Kind() string { return "connection.requested" }

// Audience returns the companies of the two.
func (f Requested) Audience() journal.Audience {
	return f.audience(func(p Parties) journal.Fact { return Requested{p} })
}

// AuditLine returns why the audit trail leaves this fact out.
func (Requested) AuditLine(journal.Entry) journal.Line {
	return journal.Unaudited(journal.ByThemselves)
}

// WasAccepted is recorded when the target accepts a request.
type WasAccepted struct{ Parties }

// Kind returns the name of this fact in the log.
func (WasAccepted) Kind() string { return "connection.accepted" }

// Audience returns the companies of the two.
func (f WasAccepted) Audience() journal.Audience {
	return f.audience(func(p Parties) journal.Fact { return WasAccepted{p} })
}

// AuditLine returns why the audit trail leaves this fact out.
func (WasAccepted) AuditLine(journal.Entry) journal.Line {
	return journal.Unaudited(journal.ByThemselves)
}

// WasRejected is recorded when the target refuses a request.
type WasRejected struct{ Parties }

// Kind returns the name of this fact in the log.
func (WasRejected) Kind() string { return "connection.rejected" }

// Audience returns the companies of the two.
func (f WasRejected) Audience() journal.Audience {
	return f.audience(func(p Parties) journal.Fact { return WasRejected{p} })
}

// AuditLine returns why the audit trail leaves this fact out.
func (WasRejected) AuditLine(journal.Entry) journal.Line {
	return journal.Unaudited(journal.ByThemselves)
}

// Withdrawn is recorded when the requester withdraws a request.
type Withdrawn struct{ Parties }

// Kind returns the name of this fact in the log.
func (Withdrawn) Kind() string { return "connection.withdrawn" }

// Audience returns the companies of the two.
func (f Withdrawn) Audience() journal.Audience {
	return f.audience(func(p Parties) journal.Fact { return Withdrawn{p} })
}

// AuditLine returns why the audit trail leaves this fact out.
func (Withdrawn) AuditLine(journal.Entry) journal.Line {
	return journal.Unaudited(journal.ByThemselves)
}

// Restored is recorded when the target withdraws a refusal, so that the request waits again.
type Restored struct{ Parties }

// Kind returns the name of this fact in the log.
func (Restored) Kind() string { return "connection.restored" }

// Audience returns the companies of the two.
func (f Restored) Audience() journal.Audience {
	return f.audience(func(p Parties) journal.Fact { return Restored{p} })
}

// AuditLine returns why the audit trail leaves this fact out.
func (Restored) AuditLine(journal.Entry) journal.Line { return journal.Unaudited(journal.ByThemselves) }

// WasRemoved is recorded when one of the two users ends a connection.
type WasRemoved struct{ Parties }

// Kind returns the name of this fact in the log.
func (WasRemoved) Kind() string { return "connection.removed" }

// Audience returns the companies of the two.
func (f WasRemoved) Audience() journal.Audience {
	return f.audience(func(p Parties) journal.Fact { return WasRemoved{p} })
}

// AuditLine returns why the audit trail leaves this fact out.
func (WasRemoved) AuditLine(journal.Entry) journal.Line {
	return journal.Unaudited(journal.ByThemselves)
}

// audience is the companies of the two. told makes the fact of what one of them may know.
func (p Parties) audience(told func(Parties) journal.Fact) journal.Audience {
	companies := []wire.CompanyID{p.Requester.UserID.Company(), p.Target.UserID.Company()}
	return journal.Between(companies, journal.ActorByID, func(company wire.CompanyID) journal.Fact {
		return told(Parties{Requester: p.Requester.seenFrom(company), Target: p.Target.seenFrom(company)})
	})
}

// seenFrom returns what a company may know of one of the two: not the user name of an account of
// another company.
func (p Party) seenFrom(company wire.CompanyID) Party {
	if p.UserID.Company() != company {
		p.Username = ""
	}
	return p
}
