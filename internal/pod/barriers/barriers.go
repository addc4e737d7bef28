// Package barriers implements information barriers: groups of a company's accounts, and policies
// that separate the members of different groups. The published API lists both and changes the
// members of groups. Groups and policies themselves are created on the command line. Only this
// package decides which accounts are separated (separated.go). The other chapters (streams,
// presence, distribution lists, look-ups) call it.
package barriers

import (
	"podium/internal/auth"
	"podium/internal/journal"
	"podium/internal/op"
	"podium/internal/pod/accounts"
	"podium/internal/wire"
)

// Service is the chapter barriers. Package pod sets its fields.
type Service struct {
	Journal  *journal.Log
	Accounts *accounts.Service

	// Worth, if not 0, is the number of accounts from which a search uses marks (see Hiding); 0
	// lets the cost decide.
	Worth int64

	recall recall
}

// Change is told when a change of barriers separates accounts, or ends that.
type Change struct {
	By     auth.Caller
	Landed int64         // the number of a policy that now separates accounts; 0: none
	Joined []wire.UserID // accounts that joined groups with such a policy
	Lifted bool          // some accounts may no longer be separated
}

// News returns when it is told.
func (Change) News() string { return "A change of barriers separates accounts, or ends that." }

// Operations returns the operations of this chapter.
func (s *Service) Operations() []op.Bound {
	return op.Bind(s, listGroups, listMembers, addMembers, removeMembers, listPolicies)
}

// Group is a set of a company's accounts: the published Group.
type Group struct {
	Number   int64          `json:"-"` // the number by which tables refer to it
	Company  wire.CompanyID `json:"-"`
	ID       string         `json:"id" doc:"24 hexadecimal digits."`
	Name     string         `json:"name"`
	Active   bool           `json:"active" doc:"Always true."`
	Members  int64          `json:"memberCount"`
	Policies []string       `json:"policies" doc:"The ids of the policies that name it."`
	Created  wire.Time      `json:"createdDate"`
	Modified wire.Time      `json:"modifiedDate" doc:"When its name or its members last changed."`
}

// PolicyType is the effect of a policy.
type PolicyType string

// The published types.
const (
	Block PolicyType = "BLOCK" // separates the members of different groups
	Allow PolicyType = "ALLOW" // says that they may meet; it lifts no barrier
)

// Enum returns the published values.
func (PolicyType) Enum() []string { return []string{string(Block), string(Allow)} }

// Policy is a rule between groups: the published Policy.
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
