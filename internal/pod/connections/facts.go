package connections

import (
	"podium/internal/auth"
	"podium/internal/db"
	"podium/internal/journal"
	"podium/internal/pod/users"
	"podium/internal/wire"
)

// Parties is who a fact of this chapter is about. Feeds make events of it for both, so it holds
// all that an event says of a user; to the other's company a feed does not tell the user name.
type Parties struct {
	Requester Party `json:"requester"`
	Target    Party `json:"target"`
}

// Party is one of the two, as its account was at that moment.
type Party struct {
	UserID      wire.UserID `json:"userId"`
	Username    string      `json:"username"`
	Email       string      `json:"email"`
	DisplayName string      `json:"displayName"`
	FirstName   string      `json:"firstName"`
	LastName    string      `json:"lastName"`
}

func party(u users.User) Party {
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

// Requested is recorded when one asked another to connect.
type Requested struct{ Parties }

// Kind returns the name of this fact in the log.
func (Requested) Kind() string { return "connection.requested" }

// WasAccepted is recorded when the target accepted a request.
type WasAccepted struct{ Parties }

// Kind returns the name of this fact in the log.
func (WasAccepted) Kind() string { return "connection.accepted" }

// WasRejected is recorded when the target refused a request.
type WasRejected struct{ Parties }

// Kind returns the name of this fact in the log.
func (WasRejected) Kind() string { return "connection.rejected" }

// Withdrawn is recorded when the requester took a request back.
type Withdrawn struct{ Parties }

// Kind returns the name of this fact in the log.
func (Withdrawn) Kind() string { return "connection.withdrawn" }

// Restored is recorded when the target took a refusal back, so that the request waits again.
type Restored struct{ Parties }

// Kind returns the name of this fact in the log.
func (Restored) Kind() string { return "connection.restored" }

// WasRemoved is recorded when one of the two ended a connection.
type WasRemoved struct{ Parties }

// Kind returns the name of this fact in the log.
func (WasRemoved) Kind() string { return "connection.removed" }

// record writes a fact in the logs of both companies, since it happened to a user of each. To
// the other company an application and roles of the caller's would say nothing.
func (s *Service) record(tx *db.Tx, caller auth.Caller, p pair, fact journal.Fact) error {
	if err := s.Journal.Record(tx, caller, p.other.Subject(), fact); err != nil {
		return err
	}
	abroad := caller
	abroad.Company, abroad.App, abroad.Roles = p.other.Company, "", nil
	return s.Journal.Record(tx, abroad, p.other.Subject(), fact)
}
