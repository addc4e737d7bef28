package streams

import (
	"podium/internal/db"
	"podium/internal/pod/users"
	"podium/internal/wire"
)

// Place is a stream as facts tell of it, after what happened.
type Place struct {
	Type      Type             `json:"type"`
	Name      string           `json:"name,omitempty"`
	External  bool             `json:"external"` // members of several companies are in it
	CrossPod  bool             `json:"crossPod"`
	Companies []wire.CompanyID `json:"companies"` // all that are in it
	Members   int64            `json:"members"`
}

// place is the stream as facts tell of it.
func (s Stream) place(tx *db.Tx) (Place, error) {
	companies, err := companiesOf(tx, s)
	return Place{
		Type: s.Type, Name: s.Name, External: len(companies) > 1, CrossPod: s.CrossPod, Companies: companies, Members: s.Members,
	}, err
}

// Person is an account as it was when something happened to it.
type Person struct {
	ID          wire.UserID `json:"id"`
	Username    string      `json:"username"`
	DisplayName string      `json:"displayName"`
	FirstName   string      `json:"firstName,omitempty"`
	LastName    string      `json:"lastName,omitempty"`
	Email       string      `json:"email"`
}

func personOf(u users.User) Person {
	return Person{
		ID: u.ID, Username: u.Username, DisplayName: u.DisplayName, FirstName: u.FirstName, LastName: u.LastName, Email: u.Email,
	}
}

// Properties is what a room says of itself, after what happened.
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
	Pinned           MessageID   `json:"pinned,omitempty"`
}

func (s Stream) properties() Properties {
	return Properties{
		Name: s.Name, Description: s.Description, Creator: s.Creator, Created: s.Created, Public: s.Public,
		CopyProtected: s.CopyProtected, ReadOnly: s.ReadOnly, Discoverable: s.Discoverable,
		MembersCanInvite: s.MembersCanInvite, ViewHistory: s.ViewHistory, MultiLateral: s.MultiLateral,
		Keywords: s.Keywords, Pinned: s.Pinned,
	}
}

// IMCreated is recorded when an IM or a MIM comes into being.
type IMCreated struct {
	Stream  Place    `json:"stream"`
	Members []Person `json:"members"`
}

// Kind is the name of this fact in the log.
func (IMCreated) Kind() string { return "stream.imCreated" }

// IMUpdated is recorded when the pinned message of an IM or a MIM changed.
type IMUpdated struct {
	Stream Place     `json:"stream"`
	Pinned MessageID `json:"pinned"`
}

// Kind is the name of this fact in the log.
func (IMUpdated) Kind() string { return "stream.imUpdated" }

// RoomCreated is recorded when a room comes into being.
type RoomCreated struct {
	Stream     Place      `json:"stream"`
	Properties Properties `json:"properties"`
}

// Kind is the name of this fact in the log.
func (RoomCreated) Kind() string { return "stream.roomCreated" }

// RoomUpdated is recorded when a room says something else of itself.
type RoomUpdated struct {
	Stream          Place      `json:"stream"`
	Properties      Properties `json:"properties"`
	ByAdministrator bool       `json:"byAdministrator"`
}

// Kind is the name of this fact in the log.
func (RoomUpdated) Kind() string { return "stream.roomUpdated" }

// RoomDeactivated is recorded when a room was deactivated.
type RoomDeactivated struct {
	Stream          Place `json:"stream"`
	ByAdministrator bool  `json:"byAdministrator"` // by a right, not as an owner
}

// Kind is the name of this fact in the log.
func (RoomDeactivated) Kind() string { return "stream.roomDeactivated" }

// RoomReactivated is recorded when a room was activated again.
type RoomReactivated struct {
	Stream          Place `json:"stream"`
	ByAdministrator bool  `json:"byAdministrator"`
}

// Kind is the name of this fact in the log.
func (RoomReactivated) Kind() string { return "stream.roomReactivated" }

// MemberAdded is recorded when somebody came into a room: the actor itself, or brought by the actor.
type MemberAdded struct {
	Stream          Place  `json:"stream"`
	User            Person `json:"user"`
	ByAdministrator bool   `json:"byAdministrator"` // by a right, not as a member
}

// Kind is the name of this fact in the log.
func (MemberAdded) Kind() string { return "stream.memberAdded" }

// MemberRemoved is recorded when somebody left a room or was put out.
type MemberRemoved struct {
	Stream          Place  `json:"stream"`
	User            Person `json:"user"`
	ByAdministrator bool   `json:"byAdministrator"`
}

// Kind is the name of this fact in the log.
func (MemberRemoved) Kind() string { return "stream.memberRemoved" }

// OwnerPromoted is recorded when a member became an owner.
type OwnerPromoted struct {
	Stream          Place  `json:"stream"`
	User            Person `json:"user"`
	ByAdministrator bool   `json:"byAdministrator"`
}

// Kind is the name of this fact in the log.
func (OwnerPromoted) Kind() string { return "stream.ownerPromoted" }

// OwnerDemoted is recorded when an owner became a plain member.
type OwnerDemoted struct {
	Stream          Place  `json:"stream"`
	User            Person `json:"user"`
	ByAdministrator bool   `json:"byAdministrator"`
}

// Kind is the name of this fact in the log.
func (OwnerDemoted) Kind() string { return "stream.ownerDemoted" }

// GroupAdded is recorded when a distribution list was added to a room.
type GroupAdded struct {
	Stream          Place  `json:"stream"`
	Group           Person `json:"user"` // the list's account
	ByAdministrator bool   `json:"byAdministrator"`
}

// Kind is the name of this fact in the log.
func (GroupAdded) Kind() string { return "stream.groupAdded" }

// GroupRemoved is recorded when a distribution list was taken out of a room.
type GroupRemoved struct {
	Stream          Place  `json:"stream"`
	Group           Person `json:"user"` // the list's account
	ByAdministrator bool   `json:"byAdministrator"`
}

// Kind is the name of this fact in the log.
func (GroupRemoved) Kind() string { return "stream.groupRemoved" }

// GroupMembersAdded is recorded when users came into a room through a distribution list, at most a hundred together.
type GroupMembersAdded struct {
	Stream Place       `json:"stream"`
	Group  wire.UserID `json:"group"`
	Users  []Person    `json:"users"`
}

// Kind is the name of this fact in the log.
func (GroupMembersAdded) Kind() string { return "stream.groupMembersAdded" }

// GroupMembersRemoved is recorded when users left a room with a distribution list, or with their place on it, at most a
// hundred together.
type GroupMembersRemoved struct {
	Stream Place       `json:"stream"`
	Group  wire.UserID `json:"group"`
	Users  []Person    `json:"users"`
}

// Kind is the name of this fact in the log.
func (GroupMembersRemoved) Kind() string { return "stream.groupMembersRemoved" }
