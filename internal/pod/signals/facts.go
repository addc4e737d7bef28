package signals

import (
	"podium/internal/journal"
	"podium/internal/wire"
)

// Facts lists the facts of this chapter, of each kind one.
func Facts() []journal.Fact {
	return []journal.Fact{Created{}, Updated{}, Deleted{}, Subscribed{}, Unsubscribed{}}
}

// unaudited is the audit line of all facts of signals.
var unaudited = journal.Unaudited("Features of accounts allow it, and no administrative right.")

// definition is what the owner of a signal decides.
type definition struct {
	Name        string `json:"name"`
	Query       string `json:"query"`
	OnProfile   bool   `json:"visibleOnProfile"`
	CompanyWide bool   `json:"companyWide"`
}

func (s Signal) definition() definition {
	return definition{s.Name, s.Query, s.OnProfile, s.CompanyWide}
}

// Created is recorded when a signal is created. Its owner is a subscriber.
type Created definition

// Kind returns the name of this fact in the log.
func (Created) Kind() string { return "signal.created" }

// Audience returns the company of the actor.
func (Created) Audience() journal.Audience { return journal.Within() }

// AuditLine returns why the audit trail leaves this fact out.
func (Created) AuditLine(journal.Entry) journal.Line { return unaudited }

// Updated is recorded when the definition of a signal changes.
type Updated definition

// Kind returns the name of this fact in the log.
func (Updated) Kind() string { return "signal.updated" }

// Audience returns the company of the actor.
func (Updated) Audience() journal.Audience { return journal.Within() }

// AuditLine returns why the audit trail leaves this fact out.
func (Updated) AuditLine(journal.Entry) journal.Line { return unaudited }

// Deleted is recorded when a signal is deleted with its subscriptions.
type Deleted definition

// Kind returns the name of this fact in the log.
func (Deleted) Kind() string { return "signal.deleted" }

// Audience returns the company of the actor.
func (Deleted) Audience() journal.Audience { return journal.Within() }

// AuditLine returns why the audit trail leaves this fact out.
func (Deleted) AuditLine(journal.Entry) journal.Line { return unaudited }

// Subscribed is recorded when users become subscribers of a signal, and when it is pushed to
// subscribers.
type Subscribed struct {
	Users  []wire.UserID `json:"users"`
	Pushed bool          `json:"pushed"` // they may not unsubscribe
}

// Kind returns the name of this fact in the log.
func (Subscribed) Kind() string { return "signal.subscribed" }

// Audience returns the company of the actor.
func (Subscribed) Audience() journal.Audience { return journal.Within() }

// AuditLine returns why the audit trail leaves this fact out.
func (Subscribed) AuditLine(journal.Entry) journal.Line { return unaudited }

// Unsubscribed is recorded when users stop being subscribers of a signal.
type Unsubscribed struct {
	Users []wire.UserID `json:"users"`
}

// Kind returns the name of this fact in the log.
func (Unsubscribed) Kind() string { return "signal.unsubscribed" }

// Audience returns the company of the actor.
func (Unsubscribed) Audience() journal.Audience { return journal.Within() }

// AuditLine returns why the audit trail leaves this fact out.
func (Unsubscribed) AuditLine(journal.Entry) journal.Line { return unaudited }
