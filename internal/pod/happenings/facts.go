package happenings

import (
	"podium/internal/db"
	"podium/internal/journal"
	"podium/internal/pod/connections"
	"podium/internal/pod/streams/facts"
	"podium/internal/wire"
)

// kinds says which facts are happenings. That a message was sent is no fact: package messages
// records it here.
var kinds = map[string]Kind{
	facts.IMCreated{}.Kind():           IMCreated,
	facts.RoomCreated{}.Kind():         RoomCreated,
	facts.RoomUpdated{}.Kind():         RoomUpdated,
	facts.RoomDeactivated{}.Kind():     RoomDeactivated,
	facts.RoomReactivated{}.Kind():     RoomReactivated,
	facts.MemberAdded{}.Kind():         Joined,
	facts.MemberRemoved{}.Kind():       Left,
	facts.OwnerPromoted{}.Kind():       Promoted,
	facts.OwnerDemoted{}.Kind():        Demoted,
	facts.GroupMembersAdded{}.Kind():   JoinedWithList,
	facts.GroupMembersRemoved{}.Kind(): LeftWithList,
	"stream.messageSuppressed":         Suppressed, // of package messages, which uses this one
	connections.Requested{}.Kind():     ConnectionAsked,
	connections.WasAccepted{}.Kind():   ConnectionAgreed,
}

// Facts records those of a transaction's facts that are happenings: for each company that a fact
// concerns, and of a connection for each of the two users.
func (l *Log) Facts(tx *db.Tx, entries []journal.Entry) error {
	var list []Happening
	for _, e := range entries {
		kind, ok := kinds[e.Kind]
		if !ok {
			continue
		}
		h := Happening{Stream: e.Subject.Number, Kind: kind, At: e.At, Size: int64(len(e.Data)), Company: e.Company, Fact: e.Cursor}
		switch kind {
		case ConnectionAsked, ConnectionAgreed:
			other, err := wire.ParseUserID(e.Subject.ID)
			if err != nil {
				return err
			}
			for _, user := range []wire.UserID{e.Actor, other} {
				if user.Company() == e.Company {
					h.About = user
					list = append(list, h)
				}
			}
			continue
		case RoomCreated:
			h.About = e.Actor
		}
		list = append(list, h)
	}
	return l.Record(tx, list...)
}
