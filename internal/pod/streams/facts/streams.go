package facts

import (
	"podium/internal/auth"
	"podium/internal/journal"
	"podium/internal/wire"
)

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
