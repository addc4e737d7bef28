package connections

import (
	"podium/internal/auth"
	"podium/internal/db"
	"podium/internal/journal"
	"podium/internal/pod/users"
	"podium/internal/wire"
)

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

// Requested is recorded when a user asks another to connect.
type Requested struct{ Parties }

// Kind returns the name of this fact in the log.
func (Requested) Kind() string { return "connection.requested" }

// WasAccepted is recorded when the target accepts a request.
type WasAccepted struct{ Parties }

// Kind returns the name of this fact in the log.
func (WasAccepted) Kind() string { return "connection.accepted" }

// WasRejected is recorded when the target refuses a request.
type WasRejected struct{ Parties }

// Kind returns the name of this fact in the log.
func (WasRejected) Kind() string { return "connection.rejected" }

// Withdrawn is recorded when the requester withdraws a request.
type Withdrawn struct{ Parties }

// Kind returns the name of this fact in the log.
func (Withdrawn) Kind() string { return "connection.withdrawn" }

// Restored is recorded when the target withdraws a refusal, so that the request waits again.
type Restored struct{ Parties }

// Kind returns the name of this fact in the log.
func (Restored) Kind() string { return "connection.restored" }

// WasRemoved is recorded when one of the two users ends a connection.
type WasRemoved struct{ Parties }

// Kind returns the name of this fact in the log.
func (WasRemoved) Kind() string { return "connection.removed" }

// record writes a fact into the logs of both companies, because it concerns a user of each. In the
// other company's log it leaves out the caller's application and roles.
func (s *Service) record(tx *db.Tx, caller auth.Caller, p pair, fact journal.Fact) error {
	if err := s.Journal.Record(tx, caller, p.other.Subject(), fact); err != nil {
		return err
	}
	abroad := caller
	abroad.Company, abroad.App, abroad.Roles = p.other.Company, "", nil
	return s.Journal.Record(tx, abroad, p.other.Subject(), fact)
}
