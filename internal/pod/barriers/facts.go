package barriers

import (
	"podium/internal/journal"
	"podium/internal/pod/accounts"
)

// Facts lists the facts of this chapter, of each kind one.
func Facts() []journal.Fact {
	return []journal.Fact{
		GroupCreated{}, GroupRenamed{}, GroupDeleted{}, MemberAdded{}, MemberRemoved{},
		PolicyCreated{}, PolicyActivated{}, PolicyDeactivated{}, PolicyDeleted{},
	}
}

// GroupCreated is recorded when a group is created.
type GroupCreated struct {
	Name string `json:"name"`
}

// Kind returns the name of this fact in the log.
func (GroupCreated) Kind() string { return "barrier.groupCreated" }

// Audience returns the company of the actor.
func (GroupCreated) Audience() journal.Audience { return journal.Within() }

// AuditLine returns why the audit trail leaves this fact out.
func (GroupCreated) AuditLine(journal.Entry) journal.Line {
	return journal.Unaudited(journal.ByOperator)
}

// GroupRenamed is recorded when a group is renamed.
type GroupRenamed struct {
	Old string `json:"old"`
	New string `json:"new"`
}

// Kind returns the name of this fact in the log.
func (GroupRenamed) Kind() string { return "barrier.groupRenamed" }

// Audience returns the company of the actor.
func (GroupRenamed) Audience() journal.Audience { return journal.Within() }

// AuditLine returns why the audit trail leaves this fact out.
func (GroupRenamed) AuditLine(journal.Entry) journal.Line {
	return journal.Unaudited(journal.ByOperator)
}

// GroupDeleted is recorded when a group is deleted.
type GroupDeleted struct {
	Name string `json:"name"`
}

// Kind returns the name of this fact in the log.
func (GroupDeleted) Kind() string { return "barrier.groupDeleted" }

// Audience returns the company of the actor.
func (GroupDeleted) Audience() journal.Audience { return journal.Within() }

// AuditLine returns why the audit trail leaves this fact out.
func (GroupDeleted) AuditLine(journal.Entry) journal.Line {
	return journal.Unaudited(journal.ByOperator)
}

// MemberAdded is recorded when an account is added to a group.
type MemberAdded struct {
	Group string `json:"group"`
	Name  string `json:"name"` // of the group
}

// Kind returns the name of this fact in the log.
func (MemberAdded) Kind() string { return "barrier.memberAdded" }

// Audience returns the company of the actor.
func (MemberAdded) Audience() journal.Audience { return journal.Within() }

// AuditLine names the group.
func (f MemberAdded) AuditLine(journal.Entry) journal.Line {
	return journal.Action("infoBarrierGroupMemberAdded", "Information barrier group member added").Of(f.Name)
}

// MemberRemoved is recorded when an account is removed from a group.
type MemberRemoved struct {
	Group string `json:"group"`
	Name  string `json:"name"`
}

// Kind returns the name of this fact in the log.
func (MemberRemoved) Kind() string { return "barrier.memberRemoved" }

// Audience returns the company of the actor.
func (MemberRemoved) Audience() journal.Audience { return journal.Within() }

// AuditLine names the group.
func (f MemberRemoved) AuditLine(journal.Entry) journal.Line {
	return journal.Action("infoBarrierGroupMemberRemoved", "Information barrier group member removed").Of(f.Name)
}

// moved returns the facts of accounts that were added to a group or removed from it.
func moved(g Group, list []accounts.User, added bool) []journal.Happened {
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

// Audience returns the company of the actor.
func (PolicyCreated) Audience() journal.Audience { return journal.Within() }

// AuditLine returns why the audit trail leaves this fact out.
func (PolicyCreated) AuditLine(journal.Entry) journal.Line {
	return journal.Unaudited(journal.ByOperator)
}

// PolicyActivated is recorded when a policy is activated.
type PolicyActivated struct{}

// Kind returns the name of this fact in the log.
func (PolicyActivated) Kind() string { return "barrier.policyActivated" }

// Audience returns the company of the actor.
func (PolicyActivated) Audience() journal.Audience { return journal.Within() }

// AuditLine returns why the audit trail leaves this fact out.
func (PolicyActivated) AuditLine(journal.Entry) journal.Line {
	return journal.Unaudited(journal.ByOperator)
}

// PolicyDeactivated is recorded when a policy is deactivated.
type PolicyDeactivated struct{}

// Kind returns the name of this fact in the log.
func (PolicyDeactivated) Kind() string { return "barrier.policyDeactivated" }

// Audience returns the company of the actor.
func (PolicyDeactivated) Audience() journal.Audience { return journal.Within() }

// AuditLine returns why the audit trail leaves this fact out.
func (PolicyDeactivated) AuditLine(journal.Entry) journal.Line {
	return journal.Unaudited(journal.ByOperator)
}

// PolicyDeleted is recorded when a policy is deleted.
type PolicyDeleted struct{}

// Kind returns the name of this fact in the log.
func (PolicyDeleted) Kind() string { return "barrier.policyDeleted" }

// Audience returns the company of the actor.
func (PolicyDeleted) Audience() journal.Audience { return journal.Within() }

// AuditLine returns why the audit trail leaves this fact out.
func (PolicyDeleted) AuditLine(journal.Entry) journal.Line {
	return journal.Unaudited(journal.ByOperator)
}
