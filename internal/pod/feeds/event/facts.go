package event

import (
	"podium/internal/journal"
	"podium/internal/pod/connections"
	"podium/internal/pod/happenings"
	"podium/internal/pod/messages"
	"podium/internal/pod/messages/message"
	"podium/internal/pod/streams/facts"
	"podium/internal/wire"
)

// eventsOf returns the events of a happening.
func (b *builder) eventsOf(h happenings.Happening) []Event {
	if h.Kind == happenings.Sent {
		return b.sent(h)
	}
	if h.Kind == happenings.FormSubmitted {
		return b.submitted(h)
	}
	entry, ok := b.entries[h.Fact]
	if !ok {
		return nil
	}
	by := b.actor(entry)
	switch f := b.facts[h.Fact].(type) {
	case facts.IMCreated:
		s := b.placed(h, f.Stream)
		for _, p := range f.Members {
			s.Members = append(s.Members, b.named(p))
		}
		return one(InstantMessageCreated, by, Payload{InstantMessageCreated: &InStream{s}})
	case facts.RoomCreated:
		return one(RoomCreated, by, Payload{RoomCreated: &Created{b.placed(h, f.Stream), b.properties(h, f.Stream, f.Properties)}})
	case facts.RoomUpdated:
		return one(RoomUpdated, by, Payload{RoomUpdated: &Updated{b.placed(h, f.Stream), b.properties(h, f.Stream, f.Properties)}})
	case facts.RoomDeactivated:
		s := b.streams[h.Stream] // as documented, without its name
		return one(RoomDeactivated, by, Payload{RoomDeactivated: &InStream{Stream{ID: s.ID, Type: string(s.Type)}}})
	case facts.RoomReactivated:
		return one(RoomReactivated, by, Payload{RoomReactivated: &InStream{b.placed(h, f.Stream)}})
	case facts.MemberAdded:
		return b.members(h, UserJoinedRoom, by, f.Stream, f.User)
	case facts.MemberRemoved:
		return b.members(h, UserLeftRoom, by, f.Stream, f.User)
	case facts.GroupMembersAdded:
		return b.members(h, UserJoinedRoom, by, f.Stream, f.Users...)
	case facts.GroupMembersRemoved:
		return b.members(h, UserLeftRoom, by, f.Stream, f.Users...)
	case facts.OwnerPromoted:
		return b.members(h, MemberPromotedToOwner, by, f.Stream, f.User)
	case facts.OwnerDemoted:
		return b.members(h, MemberDemotedFromOwner, by, f.Stream, f.User)
	case messages.MessageSuppressed:
		hidden := &Hidden{ID: wire.MessageID(f.Message), Stream: Stream{ID: b.streams[h.Stream].ID}}
		return one(MessageSuppressed, by, Payload{MessageSuppressed: hidden})
	case connections.Requested:
		to := b.party(f.Target)
		to.Email, to.Username = "", "" // as documented
		return one(ConnectionRequested, by, Payload{ConnectionRequested: &ConnectionTo{to}})
	case connections.WasAccepted:
		return one(ConnectionAccepted, by, Payload{ConnectionAccepted: &ConnectionFrom{b.party(f.Requester)}})
	}
	return nil
}

func one(t Type, by message.Author, p Payload) []Event {
	return []Event{{Type: t, Initiator: Initiator{by}, Payload: p}}
}

func (b *builder) sent(h happenings.Happening) []Event {
	v, ok := b.views[h.Message]
	if !ok {
		return nil
	}
	e := one(MessageSent, v.User, Payload{MessageSent: &Sent{v}})
	e[0].MessageID = v.ID
	return e
}

// members returns an event for each member that was changed. A change that the pod itself made has
// the member as its initiator: the SDKs drop events without one.
func (b *builder) members(h happenings.Happening, t Type, by message.Author, in facts.Place, list ...facts.Person) []Event {
	events := make([]Event, len(list))
	for i, p := range list {
		a := &Affected{Stream: b.placed(h, in), User: b.named(p)}
		e := Event{Type: t, Initiator: Initiator{by}}
		if by.UserID == 0 {
			e.Initiator.User = a.User
		}
		switch t {
		case UserJoinedRoom:
			e.Payload.UserJoinedRoom = a
		case UserLeftRoom:
			e.Payload.UserLeftRoom = a
		case MemberPromotedToOwner:
			e.Payload.MemberPromotedToOwner = a
		case MemberDemotedFromOwner:
			e.Payload.MemberDemotedFromOwner = a
		}
		events[i] = e
	}
	return events
}

// actor returns who acted. Of an administrator of another company it is the id alone.
func (b *builder) actor(e journal.Entry) message.Author {
	if e.Name == "" && e.Actor.Company() != b.company {
		return message.Author{UserID: e.Actor}
	}
	return b.person(e.Actor)
}

// placed returns the stream of a fact as it was then.
func (b *builder) placed(h happenings.Happening, p facts.Place) Stream {
	s := Stream{ID: b.streams[h.Stream].ID, Type: string(p.Type), External: &p.External, CrossPod: &p.CrossPod}
	if p.Name != "" {
		s.RoomName = &p.Name
	}
	return s
}

func (b *builder) properties(h happenings.Happening, in facts.Place, p facts.Properties) Properties {
	out := Properties{
		Name: p.Name, Description: p.Description, Creator: b.person(p.Creator), Created: p.Created, External: in.External, CrossPod: in.CrossPod,
		Public: p.Public, CopyProtected: p.CopyProtected, ReadOnly: p.ReadOnly, Discoverable: p.Discoverable,
		MembersCanInvite: p.MembersCanInvite, ViewHistory: p.ViewHistory,
	}
	for _, k := range p.Keywords {
		out.Keywords = append(out.Keywords, Keyword{k.Key, k.Value})
	}
	return out
}

// named returns an account of a fact as the company sees it.
func (b *builder) named(p facts.Person) message.Author {
	return message.Author{
		UserID: p.ID, FirstName: optional(p.FirstName), LastName: optional(p.LastName), DisplayName: p.DisplayName, Email: p.Email, Username: p.Username,
	}.SeenBy(b.company)
}

// party returns one of the two users of a connection as the company sees it.
func (b *builder) party(p connections.Party) message.Author {
	return b.named(facts.Person{ID: p.UserID, FirstName: p.FirstName, LastName: p.LastName, DisplayName: p.DisplayName, Email: p.Email, Username: p.Username})
}

func optional(text string) *string {
	if text == "" {
		return nil
	}
	return &text
}
