// Package streams is what conversations are: IMs, MIMs, rooms and walls, their rows, their members,
// and who may read and change them. Packages below the same folder build on it: facts records what
// happens, admission says who may be brought together, lifecycle opens and closes streams, and ims,
// rooms, members, listings and roomsearch answer the API. What is said is in package messages.
package streams

import (
	"encoding/json"

	"podium/internal/journal"
	"podium/internal/wire"
)

// Type is the kind of a stream.
type Type string

// The published kinds.
const (
	IM   Type = "IM"   // two accounts
	MIM  Type = "MIM"  // three or more; its members never change
	Room Type = "ROOM" // a room, whose members come and go
	Post Type = "POST" // a user's wall
)

// Enum returns the published values.
func (Type) Enum() []string { return []string{string(IM), string(MIM), string(Room), string(Post)} }

// Stream is a conversation.
type Stream struct {
	Number     int64 // by which tables refer to it; it grows with creation
	ID         wire.StreamID
	Company    wire.CompanyID // of the creator
	Type       Type
	Creator    wire.UserID
	Created    wire.Time
	Modified   wire.Time // of attributes or members
	Active     bool
	Members    int64
	Away       int64 // the members whose accounts are disabled
	Separation Separation
	Owners     int64
	Attributes
}

// Attributes holds the attributes of a room. Other streams use only CrossPod and Pinned.
type Attributes struct {
	Name             string
	Description      string
	Keywords         []Keyword
	Public           bool
	Discoverable     bool
	MembersCanInvite bool
	ReadOnly         bool
	CopyProtected    bool
	CrossPod         bool
	ViewHistory      bool
	MultiLateral     bool
	ScheduledMeeting bool
	SubType          string
	Pinned           wire.MessageID
	GroupChat        bool
}

// Keyword is a label by which a room is found.
type Keyword struct {
	Key   string `json:"key" maxLength:"64" refusal:"Invalid keyword: a key has at most 64 characters"`
	Value string `json:"value" maxLength:"256" refusal:"Invalid keyword: a value has at most 256 characters"`
}

// Subject returns the stream as the subject of facts.
func (s Stream) Subject() journal.Subject {
	return journal.Subject{ID: string(s.ID), Number: s.Number}
}

// Origin returns INTERNAL if the creator belongs to the company, otherwise EXTERNAL.
func (s Stream) Origin(company wire.CompanyID) string {
	if s.Company == company {
		return Internal
	}
	return External
}

// The origin of an account or stream, and the reach of a stream, in the API.
const (
	Internal = "INTERNAL"
	External = "EXTERNAL"
)

// ReadKeywords parses the column: a JSON array, or empty for an empty list.
func ReadKeywords(text string) (list []Keyword, err error) {
	if text != "" {
		err = json.Unmarshal([]byte(text), &list)
	}
	return list, err
}

func writeKeywords(list []Keyword) string {
	if len(list) == 0 {
		return ""
	}
	text, _ := json.Marshal(list) // texts: it cannot fail
	return string(text)
}
