package groups

import (
	"podium/internal/journal"
	"podium/internal/wire"
)

// Facts lists the facts of this chapter, of each kind one.
func Facts() []journal.Fact {
	return []journal.Fact{
		Created{}, Updated{}, MemberAdded{}, MemberRemoved{},
	}
}

// Created is recorded when a group is created.
type Created struct {
	Name     string `json:"name"`
	Username string `json:"username"` // of the group's account
}

// Kind returns the name of this fact in the log.
func (Created) Kind() string { return "group.created" }

// Audience returns the company of the actor.
func (Created) Audience() journal.Audience { return journal.Within() }

// AuditLine returns why the audit trail leaves this fact out.
func (Created) AuditLine(journal.Entry) journal.Line { return unaudited }

// Updated is recorded when a group changes in something other than its members. It is also
// recorded, with an empty Changed, when an update changes only the group's tag and date.
type Updated struct {
	Name    string   `json:"name"`
	Status  Status   `json:"status"`
	Changed []string `json:"changed"` // the names of what changed: name, status, profile, avatar …
}

// Kind returns the name of this fact in the log.
func (Updated) Kind() string { return "group.updated" }

// Audience returns the company of the actor.
func (Updated) Audience() journal.Audience { return journal.Within() }

// AuditLine returns why the audit trail leaves this fact out.
func (Updated) AuditLine(journal.Entry) journal.Line { return unaudited }

// MemberAdded is recorded when an account is added to a group.
type MemberAdded struct {
	UserID wire.UserID `json:"userId"`
}

// Kind returns the name of this fact in the log.
func (MemberAdded) Kind() string { return "group.memberAdded" }

// Audience returns the company of the actor.
func (MemberAdded) Audience() journal.Audience { return journal.Within() }

// AuditLine returns why the audit trail leaves this fact out.
func (MemberAdded) AuditLine(journal.Entry) journal.Line { return unaudited }

// MemberRemoved is recorded when an account is removed from a group.
type MemberRemoved struct {
	UserID wire.UserID `json:"userId"`
}

// Kind returns the name of this fact in the log.
func (MemberRemoved) Kind() string { return "group.memberRemoved" }

// Audience returns the company of the actor.
func (MemberRemoved) Audience() journal.Audience { return journal.Within() }

// AuditLine returns why the audit trail leaves this fact out.
func (MemberRemoved) AuditLine(journal.Entry) journal.Line { return unaudited }

// unaudited is the audit line of all facts of distribution lists.
var unaudited = journal.Unaudited("The role that manages distribution lists is not among the published privileged ones.")

func one(g group, fact journal.Fact) []journal.Happened {
	return []journal.Happened{{Subject: g.subject(), Fact: fact}}
}

func added(g group, list []wire.UserID) (facts []journal.Happened) {
	for _, id := range list {
		facts = append(facts, one(g, MemberAdded{id})...)
	}
	return facts
}

func removed(g group, list []wire.UserID) (facts []journal.Happened) {
	for _, id := range list {
		facts = append(facts, one(g, MemberRemoved{id})...)
	}
	return facts
}
