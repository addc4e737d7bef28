package barriers

import (
	"podium/internal/journal"
	"podium/internal/pod/users"
)

// GroupCreated is recorded when a group is created.
type GroupCreated struct {
	Name string `json:"name"`
}

// Kind returns the name of this fact in the log.
func (GroupCreated) Kind() string { return "barrier.groupCreated" }

// GroupRenamed is recorded when a group is renamed.
type GroupRenamed struct {
	Old string `json:"old"`
	New string `json:"new"`
}

// Kind returns the name of this fact in the log.
func (GroupRenamed) Kind() string { return "barrier.groupRenamed" }

// GroupDeleted is recorded when a group is deleted.
type GroupDeleted struct {
	Name string `json:"name"`
}

// Kind returns the name of this fact in the log.
func (GroupDeleted) Kind() string { return "barrier.groupDeleted" }

// MemberAdded is recorded when an account is added to a group.
type MemberAdded struct {
	Group string `json:"group"`
	Name  string `json:"name"` // of the group
}

// Kind returns the name of this fact in the log.
func (MemberAdded) Kind() string { return "barrier.memberAdded" }

// MemberRemoved is recorded when an account is removed from a group.
type MemberRemoved struct {
	Group string `json:"group"`
	Name  string `json:"name"`
}

// Kind returns the name of this fact in the log.
func (MemberRemoved) Kind() string { return "barrier.memberRemoved" }

// moved returns the facts of accounts that were added to a group or removed from it.
func moved(g Group, list []users.User, added bool) []journal.Happened {
	facts := make([]journal.Happened, len(list))
	for i, u := range list {
		facts[i] = journal.Happened{Subject: u.Subject(), Fact: MemberRemoved{Group: g.ID, Name: g.Name}}
		if added {
			facts[i].Fact = MemberAdded{Group: g.ID, Name: g.Name}
		}
	}
	return facts
}

// PolicyCreated is recorded when a policy is created.
type PolicyCreated struct {
	Type   PolicyType `json:"type"`
	Active bool       `json:"active"`
	Groups []string   `json:"groups"` // ids
}

// Kind returns the name of this fact in the log.
func (PolicyCreated) Kind() string { return "barrier.policyCreated" }

// PolicyActivated is recorded when a policy is activated.
type PolicyActivated struct{}

// Kind returns the name of this fact in the log.
func (PolicyActivated) Kind() string { return "barrier.policyActivated" }

// PolicyDeactivated is recorded when a policy is deactivated.
type PolicyDeactivated struct{}

// Kind returns the name of this fact in the log.
func (PolicyDeactivated) Kind() string { return "barrier.policyDeactivated" }

// PolicyDeleted is recorded when a policy is deleted.
type PolicyDeleted struct{}

// Kind returns the name of this fact in the log.
func (PolicyDeleted) Kind() string { return "barrier.policyDeleted" }
