package streams

import (
	"slices"

	"podium/internal/auth"
	"podium/internal/db"
	"podium/internal/journal"
	"podium/internal/pod/users"
	"podium/internal/wire"
)

// Facts lists the facts of this chapter, of each kind one.
func Facts() []journal.Fact {
	return []journal.Fact{
		Barred{}, Unbarred{}, Closed{}, Opened{}, IMCreated{}, IMUpdated{}, RoomCreated{},
		RoomUpdated{}, RoomDeactivated{}, RoomReactivated{}, MemberAdded{}, MemberRemoved{},
		OwnerPromoted{}, OwnerDemoted{}, GroupAdded{}, GroupRemoved{}, GroupMembersAdded{},
		GroupMembersRemoved{},
	}
}

// Place is a stream in a fact, as it is after the event.
type Place struct {
	Type      Type             `json:"type"`
	Name      string           `json:"name,omitempty"`
	External  bool             `json:"external"` // it has members of several companies
	CrossPod  bool             `json:"crossPod"`
	Companies []wire.CompanyID `json:"companies"` // all that have members in it
	Members   int64            `json:"members"`
}

// Place returns the stream as facts contain it.
func (s Stream) Place(tx *db.Tx) (Place, error) {
	companies, err := CompaniesOf(tx, s)
	return Place{
		Type: s.Type, Name: s.Name, External: len(companies) > 1, CrossPod: s.CrossPod, Companies: companies, Members: s.Members,
	}, err
}

// Audience is the companies in the stream, and those of the people whom a fact is about: someone
// who has left is of a company that need not be in it any longer.
func (p Place) Audience(actor journal.Actor, told func(wire.CompanyID) journal.Fact, about ...Person) journal.Audience {
	companies := slices.Clone(p.Companies)
	for _, one := range about {
		companies = append(companies, one.ID.Company())
	}
	return journal.InStream(companies, actor, told)
}

// ActorOf returns what other companies learn of who acted. An administrator need not be a member of
// the stream.
func ActorOf(byAdministrator bool) journal.Actor {
	if byAdministrator {
		return journal.ActorByID
	}
	return journal.ActorNamed
}

// Line is the audit line of an action on the stream.
func (p Place) Line(of journal.Entry, name, title string) journal.Line {
	l := journal.Action(name, title)
	l.Thread = &journal.Thread{ID: of.Subject.ID, Type: "Room", External: p.External}
	if p.Type != "" && p.Type != Room {
		l.Thread.Type = string(p.Type)
	}
	if p.Name != "" {
		l = l.Of(p.Name)
	}
	return l
}

// Person is an account in a fact, as it was at that time.
type Person struct {
	ID          wire.UserID `json:"id"`
	Username    string      `json:"username"`
	DisplayName string      `json:"displayName"`
	FirstName   string      `json:"firstName,omitempty"`
	LastName    string      `json:"lastName,omitempty"`
	Email       string      `json:"email"`
}

func PersonOf(u users.User) Person {
	return Person{
		ID: u.ID, Username: u.Username, DisplayName: u.DisplayName, FirstName: u.FirstName, LastName: u.LastName, Email: u.Email,
	}
}

// seenFrom returns what a company may know of the account: not the address of an account of another
// company.
func (p Person) seenFrom(company wire.CompanyID) Person {
	if p.ID.Company() != company {
		p.Email = ""
	}
	return p
}

func seenFrom(list []Person, company wire.CompanyID) []Person {
	seen := make([]Person, len(list))
	for i, p := range list {
		seen[i] = p.seenFrom(company)
	}
	return seen
}

// listSeenFrom returns what a company may know of a distribution list: of another company's list,
// that there is one.
func (p Person) listSeenFrom(company wire.CompanyID) Person {
	if p.ID.Company() != company {
		return Person{ID: p.ID}
	}
	return p
}

// on returns the line as that of an action on the account. Its attribute is the address, or the
// user name where the account is another company's.
func (p Person) on(of journal.Entry, l journal.Line) journal.Line {
	if p.ID == 0 {
		return l
	}
	l.Affected = &journal.Affected{ID: p.ID, Username: p.Username, Email: p.Email}
	if p.ID.Company() != of.Company {
		return l.Of(p.Username)
	}
	return l.Of(p.Email)
}

// Properties holds the attributes of a room in a fact, after the event.
type Properties struct {
	Name             string      `json:"name"`
	Description      string      `json:"description"`
	Creator          wire.UserID `json:"creator"`
	Created          wire.Time   `json:"created"`
	Public           bool        `json:"public"`
	CopyProtected    bool        `json:"copyProtected"`
	ReadOnly         bool        `json:"readOnly"`
	Discoverable     bool        `json:"discoverable"`
	MembersCanInvite bool        `json:"membersCanInvite"`
	ViewHistory      bool        `json:"viewHistory"`
	MultiLateral     bool        `json:"multiLateral"`
	Keywords         []Keyword   `json:"keywords,omitempty"`
	Pinned           string      `json:"pinned,omitempty"` // the id of a message
}

func (s Stream) Properties() Properties {
	return Properties{
		Name: s.Name, Description: s.Description, Creator: s.Creator, Created: s.Created, Public: s.Public,
		CopyProtected: s.CopyProtected, ReadOnly: s.ReadOnly, Discoverable: s.Discoverable,
		MembersCanInvite: s.MembersCanInvite, ViewHistory: s.ViewHistory, MultiLateral: s.MultiLateral,
		Keywords: s.Keywords, Pinned: string(s.Pinned),
	}
}

// IMCreated is recorded when an IM or a MIM is created.
type IMCreated struct {
	Stream  Place    `json:"stream"`
	Members []Person `json:"members"`
}

// Kind is the name of this fact in the log.
func (IMCreated) Kind() string { return "stream.imCreated" }

// Audience returns the companies in the conversation.
func (f IMCreated) Audience() journal.Audience {
	return f.Stream.Audience(journal.ActorNamed, func(company wire.CompanyID) journal.Fact {
		f.Members = seenFrom(f.Members, company)
		return f
	})
}

// AuditLine names the conversation.
func (f IMCreated) AuditLine(of journal.Entry) journal.Line {
	return f.Stream.Line(of, "createdIM", "Created IM")
}

// IMUpdated is recorded when the pinned message of an IM or a MIM changes.
type IMUpdated struct {
	Stream Place  `json:"stream"`
	Pinned string `json:"pinned"` // the id of a message
}

// Kind is the name of this fact in the log.
func (IMUpdated) Kind() string { return "stream.imUpdated" }

// Audience returns the companies in the stream.
func (f IMUpdated) Audience() journal.Audience {
	return f.Stream.Audience(journal.ActorNamed, func(wire.CompanyID) journal.Fact { return f })
}

// AuditLine returns why the audit trail leaves this fact out.
func (IMUpdated) AuditLine(journal.Entry) journal.Line {
	return journal.Unaudited(journal.ByThemselves)
}

// RoomCreated is recorded when a room is created.
type RoomCreated struct {
	Stream     Place      `json:"stream"`
	Properties Properties `json:"properties"`
}

// Kind is the name of this fact in the log.
func (RoomCreated) Kind() string { return "stream.roomCreated" }

// Audience returns the companies in the stream.
func (f RoomCreated) Audience() journal.Audience {
	return f.Stream.Audience(journal.ActorNamed, func(wire.CompanyID) journal.Fact { return f })
}

// AuditLine returns why the audit trail leaves this fact out.
func (RoomCreated) AuditLine(journal.Entry) journal.Line {
	return journal.Unaudited(journal.ByThemselves)
}

// RoomUpdated is recorded when the attributes of a room change.
type RoomUpdated struct {
	Stream          Place      `json:"stream"`
	Properties      Properties `json:"properties"`
	ByAdministrator bool       `json:"byAdministrator"`
}

// Kind is the name of this fact in the log.
func (RoomUpdated) Kind() string { return "stream.roomUpdated" }

// Audience returns the companies in the stream.
func (f RoomUpdated) Audience() journal.Audience {
	return f.Stream.Audience(ActorOf(f.ByAdministrator), func(wire.CompanyID) journal.Fact { return f })
}

// AuditLine names the conversation.
func (f RoomUpdated) AuditLine(of journal.Entry) journal.Line {
	return f.Stream.Line(of, "updatedRoom", "Updated Room")
}

// RoomDeactivated is recorded when a room is deactivated.
type RoomDeactivated struct {
	Stream          Place `json:"stream"`
	ByAdministrator bool  `json:"byAdministrator"` // by a right, not as an owner
}

// Kind is the name of this fact in the log.
func (RoomDeactivated) Kind() string { return "stream.roomDeactivated" }

// Audience returns the companies in the stream.
func (f RoomDeactivated) Audience() journal.Audience {
	return f.Stream.Audience(ActorOf(f.ByAdministrator), func(wire.CompanyID) journal.Fact { return f })
}

// AuditLine names the conversation.
func (f RoomDeactivated) AuditLine(of journal.Entry) journal.Line {
	return f.Stream.Line(of, "deactivatedRoom", "Deactivated Room").By(auth.ActivateAndDeactivateAnyRoom)
}

// RoomReactivated is recorded when a room is activated again.
type RoomReactivated struct {
	Stream          Place `json:"stream"`
	ByAdministrator bool  `json:"byAdministrator"`
}

// Kind is the name of this fact in the log.
func (RoomReactivated) Kind() string { return "stream.roomReactivated" }

// Audience returns the companies in the stream.
func (f RoomReactivated) Audience() journal.Audience {
	return f.Stream.Audience(ActorOf(f.ByAdministrator), func(wire.CompanyID) journal.Fact { return f })
}

// AuditLine names the conversation.
func (f RoomReactivated) AuditLine(of journal.Entry) journal.Line {
	return f.Stream.Line(of, "reactivatedRoom", "Reactivated Room").By(auth.ActivateAndDeactivateAnyRoom)
}

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
