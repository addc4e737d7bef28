package receipts

import (
	"strconv"

	"podium/internal/apierr"
	"podium/internal/auth"
	"podium/internal/db"
	"podium/internal/op"
	"podium/internal/pod/accounts"
	"podium/internal/pod/messages/clients"
	"podium/internal/pod/messages/message"
	"podium/internal/pod/streams"
	"podium/internal/wire"
)

var messageStatus = op.Operation[Service]{
	ID:      "getMessageStatus",
	Route:   "GET /pod/v1/message/{mid}/status",
	Tag:     "Messages",
	Summary: "List the users who have read a message, and those whom it has reached.",
	About: "For members who can see the message, and for users who were in its room at the " +
		"time, if the room shows its history. The answer does not show whom a suppressed " +
		"message has not reached.",
	Needs:  auth.AnyUser,
	Also:   []int{404},
	Handle: op.Read((*Service).messageStatus),
}

type messageInput struct {
	MID wire.MessageID `path:"mid"`
}

// MessageStatus says who has received and read a message.
type MessageStatus struct {
	Author    StatusUser   `json:"author"`
	Read      []StatusUser `json:"read"`
	Delivered []StatusUser `json:"delivered"`
	Sent      []StatusUser `json:"sent"`
}

// StatusUser is a user in a MessageStatus. Numbers are texts.
type StatusUser struct {
	UserID      string  `json:"userId"`
	FirstName   *string `json:"firstName"`
	LastName    *string `json:"lastName"`
	DisplayName string  `json:"displayName"`
	Email       *string `json:"email" doc:"Null for a user of another company."`
	Username    string  `json:"userName,omitempty" doc:"Absent for a user of another company."`
	Timestamp   string  `json:"timestamp"`
}

func (s *Service) messageStatus(tx *db.Tx, caller auth.Caller, in messageInput) (MessageStatus, error) {
	m, to, err := message.See(tx, caller, in.MID)
	if err != nil {
		return MessageStatus{}, err
	}
	if ok, err := m.ReadableBy(tx, caller, to); err != nil {
		return MessageStatus{}, err
	} else if !ok {
		return MessageStatus{}, apierr.Forbidden("only members who can see message %s may ask about it", m.ID)
	}
	author, err := accounts.Get(tx, m.Author)
	if err != nil {
		return MessageStatus{}, err
	}
	out := MessageStatus{
		Author: statusUser(caller, author, m.At), Read: []StatusUser{}, Delivered: []StatusUser{}, Sent: []StatusUser{},
	}
	if m.Suppressed != 0 {
		return out, nil
	}
	members, err := streams.MembersOf(tx, to.Stream)
	if err != nil {
		return MessageStatus{}, err
	}
	people, err := streams.PeopleOf(tx, members)
	if err != nil {
		return MessageStatus{}, err
	}
	read, err := clients.ReadAt(tx, m.Stream, m.Number, usersOf(members))
	for _, member := range members {
		if member.User == m.Author || member.Joined > m.At && !to.ViewHistory {
			continue
		}
		if at, ok := read[member.User]; ok {
			out.Read = append(out.Read, statusUser(caller, people[member.User], at))
		} else {
			out.Sent = append(out.Sent, statusUser(caller, people[member.User], m.At))
		}
	}
	return out, err
}

func usersOf(members []streams.Member) []wire.UserID {
	ids := make([]wire.UserID, len(members))
	for i, m := range members {
		ids[i] = m.User
	}
	return ids
}

func statusUser(caller auth.Caller, u accounts.User, at wire.Time) StatusUser {
	v := StatusUser{
		UserID: u.ID.String(), DisplayName: u.DisplayName, Timestamp: strconv.FormatInt(int64(at), 10),
	}
	if u.FirstName != "" {
		v.FirstName = &u.FirstName
	}
	if u.LastName != "" {
		v.LastName = &u.LastName
	}
	if u.Company == caller.Company {
		v.Username, v.Email = u.Username, &u.Email
	}
	return v
}
