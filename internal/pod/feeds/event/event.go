// Package event is what feeds tell: the published V4Event of each happening, as the users of one
// company see it.
//
// Not inside: which feed is told of it, which package feeds decides.
package event

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"

	"podium/internal/follow"
	"podium/internal/pod/happenings"
	"podium/internal/pod/messages/message"
	"podium/internal/wire"
)

// Type is the published name of an event.
type Type string

// The published types.
const (
	MessageSent            Type = "MESSAGESENT"
	SharedPost             Type = "SHAREDPOST"
	InstantMessageCreated  Type = "INSTANTMESSAGECREATED"
	RoomCreated            Type = "ROOMCREATED"
	RoomUpdated            Type = "ROOMUPDATED"
	RoomDeactivated        Type = "ROOMDEACTIVATED"
	RoomReactivated        Type = "ROOMREACTIVATED"
	UserRequestedToJoin    Type = "USERREQUESTEDTOJOINROOM"
	UserJoinedRoom         Type = "USERJOINEDROOM"
	UserLeftRoom           Type = "USERLEFTROOM"
	MemberPromotedToOwner  Type = "ROOMMEMBERPROMOTEDTOOWNER"
	MemberDemotedFromOwner Type = "ROOMMEMBERDEMOTEDFROMOWNER"
	ConnectionRequested    Type = "CONNECTIONREQUESTED"
	ConnectionAccepted     Type = "CONNECTIONACCEPTED"
	MessageSuppressed      Type = "MESSAGESUPPRESSED"
	ElementsAction         Type = "SYMPHONYELEMENTSACTION"
	GenericSystemEvent     Type = "GENERICSYSTEMEVENT"
)

// kinds lists the kinds of happenings that give events of a type. Three types have none: no
// operation shares a wall post or asks to join a room, and generic events come from outside of a
// pod.
var kinds = map[Type][]happenings.Kind{
	MessageSent: {happenings.Sent}, SharedPost: nil, InstantMessageCreated: {happenings.IMCreated},
	RoomCreated: {happenings.RoomCreated}, RoomUpdated: {happenings.RoomUpdated}, RoomDeactivated: {happenings.RoomDeactivated},
	RoomReactivated: {happenings.RoomReactivated}, UserRequestedToJoin: nil,
	UserJoinedRoom: {happenings.Joined, happenings.JoinedWithList}, UserLeftRoom: {happenings.Left, happenings.LeftWithList},
	MemberPromotedToOwner: {happenings.Promoted}, MemberDemotedFromOwner: {happenings.Demoted},
	ConnectionRequested: {happenings.ConnectionAsked}, ConnectionAccepted: {happenings.ConnectionAgreed},
	MessageSuppressed: {happenings.Suppressed}, ElementsAction: {happenings.FormSubmitted}, GenericSystemEvent: nil,
}

// Types lists the published types, in the order of the description.
func Types() []Type {
	return []Type{
		MessageSent, SharedPost, InstantMessageCreated, RoomCreated, RoomUpdated, RoomDeactivated, RoomReactivated, UserJoinedRoom,
		UserLeftRoom, MemberPromotedToOwner, MemberDemotedFromOwner, ConnectionRequested, ConnectionAccepted, MessageSuppressed,
		ElementsAction, UserRequestedToJoin, GenericSystemEvent,
	}
}

// Kinds returns the happenings that give events of a type; known is false for other texts.
func (t Type) Kinds() (list []happenings.Kind, known bool) {
	list, known = kinds[t]
	return list, known
}

// Event is the published V4Event.
type Event struct {
	ID         string         `json:"id" doc:"The same each time that the event is delivered."`
	MessageID  wire.MessageID `json:"messageId" doc:"Of a message, its own id; of any other event, the id of the record."`
	Timestamp  wire.Time      `json:"timestamp"`
	Type       Type           `json:"type"`
	Initiator  Initiator      `json:"initiator"`
	Payload    Payload        `json:"payload" doc:"Exactly one member, named as the type."`
	Diagnostic *string        `json:"diagnostic,omitempty"`
}

// Initiator is who did it.
type Initiator struct {
	User message.Author `json:"user"`
}

// Payload has one member.
type Payload struct {
	MessageSent            *Sent           `json:"messageSent,omitempty"`
	SharedPost             *Post           `json:"sharedPost,omitempty"`
	InstantMessageCreated  *InStream       `json:"instantMessageCreated,omitempty"`
	RoomCreated            *Created        `json:"roomCreated,omitempty"`
	RoomUpdated            *Updated        `json:"roomUpdated,omitempty"`
	RoomDeactivated        *InStream       `json:"roomDeactivated,omitempty"`
	RoomReactivated        *InStream       `json:"roomReactivated,omitempty"`
	UserRequestedToJoin    *Asked          `json:"userRequestedToJoinRoom,omitempty"`
	UserJoinedRoom         *Affected       `json:"userJoinedRoom,omitempty"`
	UserLeftRoom           *Affected       `json:"userLeftRoom,omitempty"`
	MemberPromotedToOwner  *Affected       `json:"roomMemberPromotedToOwner,omitempty"`
	MemberDemotedFromOwner *Affected       `json:"roomMemberDemotedFromOwner,omitempty"`
	ConnectionRequested    *ConnectionTo   `json:"connectionRequested,omitempty"`
	ConnectionAccepted     *ConnectionFrom `json:"connectionAccepted,omitempty"`
	MessageSuppressed      *Hidden         `json:"messageSuppressed,omitempty"`
	ElementsAction         *Action         `json:"symphonyElementsAction,omitempty"`
}

// Sent is a message.
type Sent struct {
	Message message.Message `json:"message"`
}

// Post is a shared wall post.
type Post struct {
	Message message.Message `json:"message" doc:"On the sharer's wall."`
	Shared  message.Message `json:"sharedMessage" doc:"On the author's wall."`
}

// InStream is something about a stream alone.
type InStream struct {
	Stream Stream `json:"stream"`
}

// Stream is the published V4Stream, with what is said of it in an event.
type Stream struct {
	ID         wire.StreamID    `json:"streamId"`
	Type       string           `json:"streamType,omitempty"`
	RoomName   *string          `json:"roomName,omitempty"`
	Members    []message.Author `json:"members,omitempty"`
	External   *bool            `json:"external,omitempty"`
	CrossPod   *bool            `json:"crossPod,omitempty"`
	Recipients []wire.CompanyID `json:"recipientTenantIds,omitempty"`
}

// Created is a new room.
type Created struct {
	Stream     Stream     `json:"stream"`
	Properties Properties `json:"roomProperties"`
}

// Updated is a room with other attributes.
type Updated struct {
	Stream     Stream     `json:"stream"`
	Properties Properties `json:"newRoomProperties"`
}

// Properties is the published V4RoomProperties.
type Properties struct {
	Name             string         `json:"name"`
	Description      string         `json:"description"`
	Creator          message.Author `json:"creatorUser"`
	Created          wire.Time      `json:"createdDate"`
	External         bool           `json:"external"`
	CrossPod         bool           `json:"crossPod"`
	Public           bool           `json:"public"`
	CopyProtected    bool           `json:"copyProtected"`
	ReadOnly         bool           `json:"readOnly"`
	Discoverable     bool           `json:"discoverable"`
	MembersCanInvite bool           `json:"membersCanInvite"`
	Keywords         []Keyword      `json:"keywords,omitempty"`
	ViewHistory      bool           `json:"canViewHistory"`
}

// Keyword is a label of a room.
type Keyword struct {
	Key   string `json:"key"`
	Value string `json:"value"`
}

// Affected is a change of one member.
type Affected struct {
	Stream Stream         `json:"stream"`
	User   message.Author `json:"affectedUser"`
}

// Asked is a wish to join a room.
type Asked struct {
	Stream Stream           `json:"stream"`
	Users  []message.Author `json:"affectedUsers" doc:"The owners of the room."`
}

// ConnectionTo is a request to connect.
type ConnectionTo struct {
	User message.Author `json:"toUser"`
}

// ConnectionFrom is an accepted request.
type ConnectionFrom struct {
	User message.Author `json:"fromUser" doc:"Who had asked."`
}

// Hidden is a suppressed message.
type Hidden struct {
	ID     wire.MessageID `json:"messageId"`
	Stream Stream         `json:"stream"`
}

// Action is a submitted form.
type Action struct {
	Stream  Stream          `json:"stream"`
	Message wire.MessageID  `json:"formMessageId"`
	Form    string          `json:"formId"`
	Values  json.RawMessage `json:"formValues"`
}

// letters are those of an event's id.
const letters = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"

// idOf returns the id of the nth event of a happening.
func idOf(c follow.Cursor, n int) string {
	sum := sha256.Sum256(seedOf(c, n))
	id := make([]byte, 6)
	for i := range id {
		id[i] = letters[int(sum[i])%len(letters)]
	}
	return string(id)
}

func seedOf(c follow.Cursor, n int) []byte {
	seed := binary.BigEndian.AppendUint64(nil, uint64(c.Position))
	seed = binary.BigEndian.AppendUint64(seed, uint64(c.Seq))
	return binary.BigEndian.AppendUint64(seed, uint64(n))
}
