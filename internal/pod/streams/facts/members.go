package facts

import (
	"podium/internal/auth"
	"podium/internal/journal"
	"podium/internal/wire"
)

// MemberAdded is recorded when a user joins a room, or the actor adds one.
type MemberAdded struct {
	Stream          Place  `json:"stream"`
	User            Person `json:"user"`
	ByAdministrator bool   `json:"byAdministrator"` // by a right, not as a member
}

// Kind is the name of this fact in the log.
func (MemberAdded) Kind() string { return "stream.memberAdded" }

// Audience returns the companies in the room, and that of the user.
func (f MemberAdded) Audience() journal.Audience {
	return f.Stream.Audience(ActorOf(f.ByAdministrator), func(company wire.CompanyID) journal.Fact {
		f.User = f.User.seenFrom(company)
		return f
	}, f.User)
}

// AuditLine names the room and the user.
func (f MemberAdded) AuditLine(of journal.Entry) journal.Line {
	return f.User.on(of, f.Stream.Line(of, "addedMember", "Added Member").By(auth.AddAndRemoveUsersInAnyRoom))
}

// MemberRemoved is recorded when a user leaves a room or is removed.
type MemberRemoved struct {
	Stream          Place  `json:"stream"`
	User            Person `json:"user"`
	ByAdministrator bool   `json:"byAdministrator"`
}

// Kind is the name of this fact in the log.
func (MemberRemoved) Kind() string { return "stream.memberRemoved" }

// Audience returns the companies in the room, and that of the user.
func (f MemberRemoved) Audience() journal.Audience {
	return f.Stream.Audience(ActorOf(f.ByAdministrator), func(company wire.CompanyID) journal.Fact {
		f.User = f.User.seenFrom(company)
		return f
	}, f.User)
}

// AuditLine names the room and the user.
func (f MemberRemoved) AuditLine(of journal.Entry) journal.Line {
	return f.User.on(of, f.Stream.Line(of, "removedMember", "Removed Member").By(auth.AddAndRemoveUsersInAnyRoom))
}

// OwnerPromoted is recorded when a member becomes an owner.
type OwnerPromoted struct {
	Stream          Place  `json:"stream"`
	User            Person `json:"user"`
	ByAdministrator bool   `json:"byAdministrator"`
}

// Kind is the name of this fact in the log.
func (OwnerPromoted) Kind() string { return "stream.ownerPromoted" }

// Audience returns the companies in the room, and that of the user.
func (f OwnerPromoted) Audience() journal.Audience {
	return f.Stream.Audience(ActorOf(f.ByAdministrator), func(company wire.CompanyID) journal.Fact {
		f.User = f.User.seenFrom(company)
		return f
	}, f.User)
}

// AuditLine names the room and the user.
func (f OwnerPromoted) AuditLine(of journal.Entry) journal.Line {
	return f.User.on(of, f.Stream.Line(of, "promotedOwner", "Promoted Owner").By(auth.PromoteAndDemoteOwnersInAnyRoom))
}

// OwnerDemoted is recorded when an owner becomes an ordinary member.
type OwnerDemoted struct {
	Stream          Place  `json:"stream"`
	User            Person `json:"user"`
	ByAdministrator bool   `json:"byAdministrator"`
}

// Kind is the name of this fact in the log.
func (OwnerDemoted) Kind() string { return "stream.ownerDemoted" }

// Audience returns the companies in the room, and that of the user.
func (f OwnerDemoted) Audience() journal.Audience {
	return f.Stream.Audience(ActorOf(f.ByAdministrator), func(company wire.CompanyID) journal.Fact {
		f.User = f.User.seenFrom(company)
		return f
	}, f.User)
}

// AuditLine names the room and the user.
func (f OwnerDemoted) AuditLine(of journal.Entry) journal.Line {
	return f.User.on(of, f.Stream.Line(of, "demotedOwner", "Demoted Owner").By(auth.PromoteAndDemoteOwnersInAnyRoom))
}

// GroupAdded is recorded when a distribution list is added to a room.
type GroupAdded struct {
	Stream          Place  `json:"stream"`
	Group           Person `json:"user"` // the list's account
	ByAdministrator bool   `json:"byAdministrator"`
}

// Kind is the name of this fact in the log.
func (GroupAdded) Kind() string { return "stream.groupAdded" }

// Audience returns the companies in the room, and that of the list.
func (f GroupAdded) Audience() journal.Audience {
	return f.Stream.Audience(ActorOf(f.ByAdministrator), func(company wire.CompanyID) journal.Fact {
		f.Group = f.Group.listSeenFrom(company)
		return f
	}, f.Group)
}

// AuditLine names the room and the list.
func (f GroupAdded) AuditLine(of journal.Entry) journal.Line {
	return f.Group.on(of, f.Stream.Line(of, "addedMember", "Added Member").By(auth.AddAndRemoveUsersInAnyRoom))
}

// GroupRemoved is recorded when a distribution list is removed from a room.
type GroupRemoved struct {
	Stream          Place  `json:"stream"`
	Group           Person `json:"user"` // the list's account
	ByAdministrator bool   `json:"byAdministrator"`
}

// Kind is the name of this fact in the log.
func (GroupRemoved) Kind() string { return "stream.groupRemoved" }

// Audience returns the companies in the room, and that of the list.
func (f GroupRemoved) Audience() journal.Audience {
	return f.Stream.Audience(ActorOf(f.ByAdministrator), func(company wire.CompanyID) journal.Fact {
		f.Group = f.Group.listSeenFrom(company)
		return f
	}, f.Group)
}

// AuditLine names the room and the list.
func (f GroupRemoved) AuditLine(of journal.Entry) journal.Line {
	return f.Group.on(of, f.Stream.Line(of, "removedMember", "Removed Member").By(auth.AddAndRemoveUsersInAnyRoom))
}

// GroupMembersAdded is recorded when users join a room through a distribution list, at most a
// hundred in one fact.
type GroupMembersAdded struct {
	Stream Place       `json:"stream"`
	Group  wire.UserID `json:"group"`
	Users  []Person    `json:"users"`
}

// Kind is the name of this fact in the log.
func (GroupMembersAdded) Kind() string { return "stream.groupMembersAdded" }

// Audience returns the companies in the room, and those of the users.
func (f GroupMembersAdded) Audience() journal.Audience {
	return f.Stream.Audience(journal.ActorNamed, func(company wire.CompanyID) journal.Fact {
		f.Users = seenFrom(f.Users, company)
		return f
	}, f.Users...)
}

// AuditLine returns why the audit trail leaves this fact out.
func (GroupMembersAdded) AuditLine(journal.Entry) journal.Line {
	return journal.Unaudited("That the list came into the room, or went, is audited; who is on it is not.")
}

// GroupMembersRemoved is recorded when users leave a room because their distribution list, or their
// membership in it, was removed: at most a hundred in one fact.
type GroupMembersRemoved struct {
	Stream Place       `json:"stream"`
	Group  wire.UserID `json:"group"`
	Users  []Person    `json:"users"`
}

// Kind is the name of this fact in the log.
func (GroupMembersRemoved) Kind() string { return "stream.groupMembersRemoved" }

// Audience returns the companies in the room, and those of the users.
func (f GroupMembersRemoved) Audience() journal.Audience {
	return f.Stream.Audience(journal.ActorNamed, func(company wire.CompanyID) journal.Fact {
		f.Users = seenFrom(f.Users, company)
		return f
	}, f.Users...)
}

// AuditLine returns why the audit trail leaves this fact out.
func (GroupMembersRemoved) AuditLine(journal.Entry) journal.Line {
	return journal.Unaudited("That the list came into the room, or went, is audited; who is on it is not.")
}
