package groups

import (
	"podium/internal/journal"
	"podium/internal/wire"
)

// Created is recorded when a group is created.
type Created struct {
	Name     string `json:"name"`
	Username string `json:"username"` // of the group's account
}

// Kind returns the name of this fact in the log.
func (Created) Kind() string { return "group.created" }

// Updated is recorded when a group changes in something other than its members. It is also
// recorded, with an empty Changed, when an update changes only the group's tag and date.
type Updated struct {
	Name    string   `json:"name"`
	Status  Status   `json:"status"`
	Changed []string `json:"changed"` // the names of what changed: name, status, profile, avatar …
}

// Kind returns the name of this fact in the log.
func (Updated) Kind() string { return "group.updated" }

// MemberAdded is recorded when an account is added to a group.
type MemberAdded struct {
	UserID wire.UserID `json:"userId"`
}

// Kind returns the name of this fact in the log.
func (MemberAdded) Kind() string { return "group.memberAdded" }

// MemberRemoved is recorded when an account is removed from a group.
type MemberRemoved struct {
	UserID wire.UserID `json:"userId"`
}

// Kind returns the name of this fact in the log.
func (MemberRemoved) Kind() string { return "group.memberRemoved" }

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
