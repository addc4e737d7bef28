package happenings

import (
	"encoding/json"

	"podium/internal/db"
	"podium/internal/journal"
	"podium/internal/pod/connections"
	"podium/internal/pod/streams"
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
// concerns, and of a connection for each of the two users. It stores at which place members came
// and went.
func (l *Log) Facts(tx *db.Tx, entries []journal.Entry) error {
	var list []Happening
	var of []journal.Entry // by happening
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
					list, of = append(list, h), append(of, e)
				}
			}
			continue
		case RoomCreated:
			h.About = e.Actor
		}
		list, of = append(list, h), append(of, e)
	}
	if err := l.Record(tx, list...); err != nil {
		return err
	}
	return storePlaces(tx, list, of)
}

// storePlaces stores the places at which members came and went. A fact that several companies know
// has several: members hear from the first one on, and those who left hear up to the last one.
func storePlaces(tx *db.Tx, list []Happening, of []journal.Entry) error {
	for i, h := range list {
		store := streams.Came
		switch h.Kind {
		case Joined, JoinedWithList:
			if of[i].Company != of[0].Company {
				continue // the actor's company is the first that is told of a fact
			}
		case Left, LeftWithList:
			store = streams.Went
		default:
			continue
		}
		users, err := movedBy(of[i])
		if err != nil {
			return err
		}
		if err := store(tx, h.Stream, users, h.Cursor); err != nil {
			return err
		}
	}
	return nil
}

// movedBy returns the users that a fact says have come or gone.
func movedBy(e journal.Entry) ([]wire.UserID, error) {
	var moved struct {
		User  facts.Person   `json:"user"`
		Users []facts.Person `json:"users"`
	}
	if err := json.Unmarshal([]byte(e.Data), &moved); err != nil {
		return nil, err
	}
	var users []wire.UserID
	if moved.User.ID != 0 {
		users = append(users, moved.User.ID)
	}
	for _, p := range moved.Users {
		users = append(users, p.ID)
	}
	return users, nil
}
