package communityconnect

import "podium/internal/journal"

// Facts lists the facts of this chapter, of each kind one. The accounts themselves have the facts
// of package accounts.
func Facts() []journal.Fact {
	return []journal.Fact{CompanyCreated{}, DomainAdded{}, UserSponsored{}}
}

// CompanyCreated is recorded when a channel company is created. It is the subject.
type CompanyCreated struct {
	Name string `json:"name"`
}

// Kind returns the name of this fact in the log.
func (CompanyCreated) Kind() string { return "channel.companyCreated" }

// Audience returns the company of the actor.
func (CompanyCreated) Audience() journal.Audience { return journal.Within() }

// AuditLine returns why the audit trail leaves this fact out.
func (CompanyCreated) AuditLine(journal.Entry) journal.Line { return unaudited }

// DomainAdded is recorded when a channel company gets a domain. The company is the subject.
type DomainAdded struct {
	Domain string `json:"domain"`
}

// Kind returns the name of this fact in the log.
func (DomainAdded) Kind() string { return "channel.domainAdded" }

// Audience returns the company of the actor.
func (DomainAdded) Audience() journal.Audience { return journal.Within() }

// AuditLine returns why the audit trail leaves this fact out.
func (DomainAdded) AuditLine(journal.Entry) journal.Line { return unaudited }

// UserSponsored is recorded when an account is created for a person of a channel company. The
// account is the subject.
type UserSponsored struct {
	Channel string `json:"channel"` // the id of the channel company
	Name    string `json:"name"`    // of the channel company
}

// Kind returns the name of this fact in the log.
func (UserSponsored) Kind() string { return "channel.userSponsored" }

// Audience returns the company of the actor.
func (UserSponsored) Audience() journal.Audience { return journal.Within() }

// AuditLine returns why the audit trail leaves this fact out.
func (UserSponsored) AuditLine(journal.Entry) journal.Line { return unaudited }

var unaudited = journal.Unaudited("The published trail has no action for channel companies; it shows the account that is created.")
