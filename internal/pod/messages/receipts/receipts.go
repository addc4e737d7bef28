package receipts

import (
	"strings"

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

var messageReceipts = op.Operation[Service]{
	ID:      "getMessageReceipts",
	Route:   "GET /pod/v1/admin/messages/{messageId}/receipts",
	Tag:     "Messages",
	Summary: "List when each member received and read a message.",
	Needs:   auth.All(auth.ViewManageMessages),
	Also:    []int{404},
	Handle:  op.Read((*Service).messageReceipts),
}

type receiptsInput struct {
	MessageID wire.MessageID `path:"messageId"`
	Before    string         `query:"before" required:"false" maxLength:"64"`
	After     string         `query:"after" required:"false" maxLength:"64"`
}

// receiptsPage is how many members one page lists.
const receiptsPage = 100

// MessageUser is a message's author. Both members are null if there is none.
type MessageUser struct {
	ID   *wire.UserID `json:"id"`
	Name *string      `json:"name"`
}

// MessageStream is a message's stream.
type MessageStream struct {
	ID   string       `json:"id" doc:"In standard base64."`
	Name string       `json:"name" doc:"The name of a room; for other streams, the members."`
	Type streams.Type `json:"streamType"`
}

// FileCount is how often a file was downloaded.
type FileCount struct {
	FileName string `json:"fileName"`
	Count    int64  `json:"count"`
}

// FileTime is when a user downloaded a file.
type FileTime struct {
	FileName  string    `json:"fileName"`
	Timestamp wire.Time `json:"timestamp"`
}

// MessageMetadata holds the numbers of receipts of a message.
type MessageMetadata struct {
	Creator           MessageUser   `json:"creator"`
	OnBehalfOf        MessageUser   `json:"onBehalfOfUser"`
	Stream            MessageStream `json:"stream"`
	CreationDate      wire.Time     `json:"creationDate"`
	DeliveryReceipts  int64         `json:"deliveryReceiptCount"`
	ReadReceipts      int64         `json:"readReceiptCount"`
	EmailNotification int64         `json:"emailNotificationCount"`
	Downloads         []FileCount   `json:"downloadReceiptCounts"`
}

// Receipts holds the receipts of a message by member.
type Receipts struct {
	MessageMetadata
	Details    []Receipt   `json:"MessageReceiptDetail"`
	Pagination *Pagination `json:"pagination"`
}

// Receipt is the receipt of one member; null: nothing yet.
type Receipt struct {
	User              ReceiptUser `json:"user"`
	Delivered         *wire.Time  `json:"deliveryReceiptTimestamp"`
	Read              *wire.Time  `json:"readReceiptTimestamp"`
	EmailNotification *wire.Time  `json:"emailNotificationTimestamp"`
	Downloads         []FileTime  `json:"downloadReceiptCounts"`
}

// ReceiptUser is the member.
type ReceiptUser struct {
	ID        wire.UserID `json:"id"`
	Username  *string     `json:"username" doc:"Null for a user of another company, like the address."`
	FirstName *string     `json:"firstName"`
	LastName  *string     `json:"lastName"`
	Email     *string     `json:"emailAddress"`
}

// Pagination holds the links to the previous and next page.
type Pagination struct {
	Cursors  Cursors `json:"cursors"`
	Previous string  `json:"previous,omitempty"`
	Next     string  `json:"next,omitempty"`
}

// Cursors holds the ends of a page.
type Cursors struct {
	Before string `json:"before"`
	After  string `json:"after,omitempty"`
}

func (s *Service) messageReceipts(tx *db.Tx, caller auth.Caller, in receiptsInput) (Receipts, error) {
	from, err := in.start()
	if err != nil {
		return Receipts{}, err
	}
	m, to, err := message.See(tx, caller, in.MessageID)
	if err != nil {
		return Receipts{}, err
	}
	members, err := db.All(tx, streams.ScanMember, `
		SELECT user_id, owner, joined
		FROM stream_members
		WHERE stream = $1 AND user_id <> $2 AND joined <= $3
		ORDER BY joined, user_id
		LIMIT $4 OFFSET $5`, to.Number, m.Author, m.At, receiptsPage+1, from)
	if err != nil {
		return Receipts{}, err
	}
	more := len(members) > receiptsPage
	members = members[:min(len(members), receiptsPage)]
	people, err := streams.PeopleOf(tx, members)
	if err != nil {
		return Receipts{}, err
	}
	read, err := clients.ReadAt(tx, m.Stream, m.Number, usersOf(members))
	if err != nil {
		return Receipts{}, err
	}
	out := Receipts{Details: make([]Receipt, len(members)), Pagination: in.pagination(from, more)}
	for i, member := range members {
		u := people[member.User]
		v := statusUser(caller, u, 0)
		out.Details[i] = Receipt{
			User:      ReceiptUser{ID: member.User, FirstName: v.FirstName, LastName: v.LastName, Email: v.Email},
			Downloads: []FileTime{},
		}
		if v.Username != "" {
			out.Details[i].User.Username = &v.Username
		}
		if at, ok := read[member.User]; ok { // what was read was also delivered
			out.Details[i].Delivered, out.Details[i].Read = &at, &at
		}
	}
	author, err := accounts.Get(tx, m.Author)
	if err != nil {
		return Receipts{}, err
	}
	name, err := displayName(tx, to.Stream)
	if err != nil {
		return Receipts{}, err
	}
	readers, err := clients.Readers(tx, m.Stream)
	out.MessageMetadata = metadata(m, author, to.Stream, name, readers)
	return out, err
}

// metadata returns the numbers of receipts of a message. readers are those of its stream. What was
// read was also delivered; nothing else reports that a message was delivered.
func metadata(m message.Row, author accounts.User, s streams.Stream, name string, readers []clients.Reader) MessageMetadata {
	read := int64(0)
	for _, r := range readers {
		if r.Read >= m.Number && r.Joined <= m.At && r.User != m.Author {
			read++
		}
	}
	return MessageMetadata{
		DeliveryReceipts: read, ReadReceipts: read,
		Creator: MessageUser{ID: &author.ID, Name: &author.DisplayName}, CreationDate: m.At,
		Stream:    MessageStream{ID: s.ID.Standard(), Name: name, Type: s.Type},
		Downloads: []FileCount{},
	}
}

// displayName returns a stream's name for people: a room's name, or the names of the members.
func displayName(tx *db.Tx, s streams.Stream) (string, error) {
	if s.Type == streams.Room {
		return s.Name, nil
	}
	members, err := streams.MembersOf(tx, s)
	if err != nil {
		return "", err
	}
	people, err := streams.PeopleOf(tx, members)
	names := make([]string, len(members))
	for i, m := range members {
		names[i] = people[m.User].DisplayName
	}
	return strings.Join(names, ", "), err
}

var messageMetadata = op.Operation[Service]{
	ID:      "listMessageMetadata",
	Route:   "POST /pod/v1/admin/messages",
	Tag:     "Messages",
	Summary: "Count the receipts of several messages.",
	About:   "Answers all of the messages, or none if one is unknown.",
	Needs:   auth.All(auth.ViewManageMessages),
	Also:    []int{404, 422},
	Handle:  op.Read((*Service).messageMetadata),
}

// maxMessages is the most messages in one call.
const maxMessages = 1000

type messageMetadataInput struct {
	Body struct {
		MessageIDs []wire.MessageID `json:"messageIds" maxItems:"1000" refusal:"messageIds: 1 to 1000 are expected"`
	}
}

func (in messageMetadataInput) Validate() error {
	if n := len(in.Body.MessageIDs); n == 0 || n > maxMessages {
		return apierr.Invalid("messageIds: 1 to %d are expected", maxMessages)
	}
	return nil
}

// MetadataOf holds the metadata of one of several messages.
type MetadataOf struct {
	MessageID wire.MessageID `json:"messageId"`
	MessageMetadata
}

func (s *Service) messageMetadata(tx *db.Tx, caller auth.Caller, in messageMetadataInput) ([]MetadataOf, error) {
	messages, conversations, err := message.SeeAll(tx, caller, in.Body.MessageIDs)
	if err != nil {
		return nil, err
	}
	names := make(map[int64]string, len(conversations))
	readers := make(map[int64][]clients.Reader, len(conversations))
	for number, s := range conversations {
		if names[number], err = displayName(tx, s.Stream); err != nil {
			return nil, err
		}
		if readers[number], err = clients.Readers(tx, number); err != nil {
			return nil, err
		}
	}
	authors := make([]streams.Member, len(messages))
	for i, m := range messages {
		authors[i].User = m.Author
	}
	people, err := streams.PeopleOf(tx, authors)
	list := make([]MetadataOf, len(messages))
	for i, m := range messages {
		list[i] = MetadataOf{m.ID, metadata(m, people[m.Author], conversations[m.Stream].Stream, names[m.Stream], readers[m.Stream])}
	}
	return list, err
}
