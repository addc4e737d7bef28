// Package facts holds the facts about streams: about IMs, rooms, members, and streams that barriers
// close. They share what a fact says of a stream and of an account, what other companies learn of
// it, and the audit line.
package facts

import (
	"slices"

	"podium/internal/db"
	"podium/internal/journal"
	"podium/internal/pod/accounts"
	"podium/internal/pod/streams"
	"podium/internal/wire"
)

// All lists the facts about streams, of each kind one.
func All() []journal.Fact {
	return []journal.Fact{
		ClosedByBarrier{}, OpenedAfterBarrier{}, Closed{}, Opened{}, IMCreated{}, IMUpdated{}, RoomCreated{},
		RoomUpdated{}, RoomDeactivated{}, RoomReactivated{}, MemberAdded{}, MemberRemoved{},
		OwnerPromoted{}, OwnerDemoted{}, GroupAdded{}, GroupRemoved{}, GroupMembersAdded{},
		GroupMembersRemoved{},
	}
}

// Place is a stream in a fact, as it is after the event.
type Place struct {
	Type      streams.Type     `json:"type"`
	Name      string           `json:"name,omitempty"`
	External  bool             `json:"external"` // it has members of several companies
	CrossPod  bool             `json:"crossPod"`
	Companies []wire.CompanyID `json:"companies"` // all that have members in it
	Members   int64            `json:"members"`
}

// PlaceOf returns a stream as facts contain it.
func PlaceOf(tx *db.Tx, s streams.Stream) (Place, error) {
	companies, err := streams.CompaniesOf(tx, s)
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
	if p.Type != "" && p.Type != streams.Room {
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

// PersonOf returns an account as facts contain it.
func PersonOf(u accounts.User) Person {
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
	Name             string            `json:"name"`
	Description      string            `json:"description"`
	Creator          wire.UserID       `json:"creator"`
	Created          wire.Time         `json:"created"`
	Public           bool              `json:"public"`
	CopyProtected    bool              `json:"copyProtected"`
	ReadOnly         bool              `json:"readOnly"`
	Discoverable     bool              `json:"discoverable"`
	MembersCanInvite bool              `json:"membersCanInvite"`
	ViewHistory      bool              `json:"viewHistory"`
	MultiLateral     bool              `json:"multiLateral"`
	Keywords         []streams.Keyword `json:"keywords,omitempty"`
	Pinned           string            `json:"pinned,omitempty"` // the id of a message
}

// PropertiesOf returns the attributes of a room as facts contain them.
func PropertiesOf(s streams.Stream) Properties {
	return Properties{
		Name: s.Name, Description: s.Description, Creator: s.Creator, Created: s.Created, Public: s.Public,
		CopyProtected: s.CopyProtected, ReadOnly: s.ReadOnly, Discoverable: s.Discoverable,
		MembersCanInvite: s.MembersCanInvite, ViewHistory: s.ViewHistory, MultiLateral: s.MultiLateral,
		Keywords: s.Keywords, Pinned: string(s.Pinned),
	}
}
