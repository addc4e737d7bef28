package receipts

import (
	"podium/internal/auth"
	"podium/internal/db"
	"podium/internal/op"
	"podium/internal/pod/messages/message"
	"podium/internal/wire"
)

var messageRelationships = op.Operation[Service]{
	ID:    "getMessageRelationships",
	Route: "GET /pod/v1/admin/messages/{messageId}/metadata/relationships",
	Tag:   "Messages",
	Summary: "List the messages that a message answers or forwards, and those that answer or " +
		"forward it.",
	Needs:  auth.All(auth.ViewManageMessages),
	Handle: op.Read((*Service).messageRelationships),
}

type relationshipsInput struct {
	MessageID wire.MessageID `path:"messageId"`
	UserAgent string         `header:"User-Agent" maxLength:"16384"`
}

// Relationships lists the related messages of a message.
type Relationships struct {
	MessageID   string        `json:"messageId" doc:"In standard base64."`
	Parent      *Relationship `json:"parent,omitempty"`
	Replies     []string      `json:"replies"`
	Forwards    []string      `json:"forwards"`
	FormReplies []string      `json:"formReplies"`
}

// Relationship is another message.
type Relationship struct {
	MessageID string `json:"messageId" doc:"In standard base64."`
	Type      string `json:"relationshipType" doc:"REPLY, FORWARD or REPLY_FORM."`
}

func (s *Service) messageRelationships(tx *db.Tx, caller auth.Caller, in relationshipsInput) (Relationships, error) {
	m, _, err := message.See(tx, caller, in.MessageID)
	return Relationships{
		MessageID: m.ID.Standard(), Replies: []string{}, Forwards: []string{}, FormReplies: []string{},
	}, err
}
