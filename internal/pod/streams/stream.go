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
	IM   Type = "IM"   // two people
	MIM  Type = "MIM"  // three or more, for ever the same
	Room Type = "ROOM" // a room, whose members come and go
	Post Type = "POST" // a user's wall
)

// Enum lists the published values.
func (Type) Enum() []string { return []string{string(IM), string(MIM), string(Room), string(Post)} }

// Stream is a conversation.
type Stream struct {
	Number      int64 // by which tables refer to it; grows with creation
	ID          wire.StreamID
	Company     wire.CompanyID // the creator's
	Type        Type
	Creator     wire.UserID
	Created     wire.Time
	Modified    wire.Time // attributes or members
	Active      bool
	Members     int64
	Away        int64 // those of the members whose accounts are disabled
	Barred      barring
	Owners      int64
	LastMessage wire.Time // 0 before the first
	Attributes
}

// Attributes is what a room says of itself. Of others than rooms, CrossPod and Pinned count.
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

// Keyword is a label that a room is found by.
type Keyword struct {
	Key   string `json:"key" maxLength:"64" refusal:"Invalid keyword: a key has at most 64 characters"`
	Value string `json:"value" maxLength:"256" refusal:"Invalid keyword: a value has at most 256 characters"`
}

// Subject is the stream as facts name it.
func (s Stream) Subject() journal.Subject { return journal.Thing(string(s.ID)) }

// Origin tells, as clients read it, whether the creator is of a company.
func (s Stream) Origin(company wire.CompanyID) string {
	if s.Company == company {
		return Internal
	}
	return External
}

// Where somebody or something is from, and how far a stream reaches, as clients read it.
const (
	Internal = "INTERNAL"
	External = "EXTERNAL"
)

// ReadKeywords reads the column: a JSON array, or nothing for an empty one.
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
	text, _ := json.Marshal(list) // texts: cannot fail
	return string(text)
}
