// Package barriers is information barriers: groups of a company's users, and policies that keep the members of
// different groups apart. The published API lists both and changes who is in a group; groups and policies themselves
// are made on the command line. Here alone it is decided who may meet whom (apart.go); where people meet, in streams, presence,
// lists, look-ups, the chapters ask.
package barriers

import (
	"podium/internal/auth"
	"podium/internal/db"
	"podium/internal/journal"
	"podium/internal/op"
	"podium/internal/pod/users"
	"podium/internal/wire"
)

// Service is this chapter, filled in by package pod.
type Service struct {
	Journal *journal.Log
	Users   *users.Service

	// Changed is called, in the same transaction, when others than before are kept apart.
	Changed []func(tx *db.Tx, caller auth.Caller, c Change) error

	// Worth, if not 0, is how many people a search has to look at for marks to be made of whom it hides (Hiding); else they are made where that is quicker.
	Worth int64

	recall recall
}

// Change says what of the barriers changed.
type Change struct {
	Landed int64         // the number of a policy that keeps people apart from now on; 0: none
	Joined []wire.UserID // users who came into groups with such a policy
	Lifted bool          // some may meet again who might not
}

// Operations returns what this package answers.
func (s *Service) Operations() []op.Bound {
	return op.Bind(s, listGroups, listMembers, addMembers, removeMembers, listPolicies)
}

// Group is some of a company's users: the published Group.
type Group struct {
	Number   int64          `json:"-"` // by which tables refer to it
	Company  wire.CompanyID `json:"-"`
	ID       string         `json:"id" doc:"24 hexadecimal digits."`
	Name     string         `json:"name"`
	Active   bool           `json:"active" doc:"Always: a group that is there takes part in its policies."`
	Members  int64          `json:"memberCount"`
	Policies []string       `json:"policies" doc:"The ids of the policies that name it."`
	Created  wire.Time      `json:"createdDate"`
	Modified wire.Time      `json:"modifiedDate" doc:"When its name or its members last changed."`
}

// PolicyType says what a policy does.
type PolicyType string

// The published types.
const (
	Block PolicyType = "BLOCK" // it keeps the members of different groups apart
	Allow PolicyType = "ALLOW" // it says that they may meet, and lifts no barrier
)

// Enum lists the published values.
func (PolicyType) Enum() []string { return []string{string(Block), string(Allow)} }

// Policy is what holds between groups: the published Policy.
type Policy struct {
	Number   int64          `json:"-"`
	Company  wire.CompanyID `json:"-"`
	ID       string         `json:"id" doc:"24 hexadecimal digits."`
	Type     PolicyType     `json:"policyType"`
	Active   bool           `json:"active"`
	Groups   []string       `json:"groups" doc:"The ids of its groups."`
	Created  wire.Time      `json:"createdDate"`
	Modified wire.Time      `json:"modifiedDate"`
}
