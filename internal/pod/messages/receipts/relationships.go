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

// maxRelated is the most messages of each kind that are listed: the oldest, of each its newest
// version.
const maxRelated = 1000

// visible is the condition on messages m that a company, the parameter $2, may know of their
// stream.
const visible = `EXISTS (
	SELECT 1
	FROM streams s
	WHERE s.number = m.stream AND (s.company = $2 OR EXISTS (
		SELECT 1 FROM stream_companies c WHERE c.stream = s.number AND c.company = $2 AND c.members > 0)))`

func (s *Service) messageRelationships(tx *db.Tx, caller auth.Caller, in relationshipsInput) (Relationships, error) {
	m, _, err := message.See(tx, caller, in.MessageID)
	out := Relationships{MessageID: m.ID.Standard(), Replies: []string{}, Forwards: []string{}, FormReplies: []string{}}
	if err != nil {
		return out, err
	}
	if err := out.parent(tx, caller, m); err != nil {
		return out, err
	}
	for kind, list := range map[string]*[]string{message.Reply: &out.Replies, message.Forward: &out.Forwards} {
		*list, err = idsOf(tx, `
			SELECT m.id
			FROM stream_messages m
			WHERE m.parent = $1 AND m.parent <> '' AND m.parent_kind = $3 AND m.replaced_by = '' AND `+visible+`
			ORDER BY m.number
			LIMIT $4`, m.ID, caller.Company, kind, maxRelated)
		if err != nil {
			return out, err
		}
	}
	out.FormReplies, err = idsOf(tx, `SELECT id FROM form_submissions WHERE message = $1 ORDER BY number LIMIT $2`, m.Number, maxRelated)
	return out, err
}

// parent sets the message that a message is related to, if the caller may know of it.
func (r *Relationships) parent(tx *db.Tx, caller auth.Caller, m message.Row) error {
	if m.Parent == "" {
		return nil
	}
	ids, err := idsOf(tx, `SELECT m.id FROM stream_messages m WHERE m.id = $1 AND `+visible, m.Parent, caller.Company)
	if err == nil && len(ids) > 0 {
		r.Parent = &Relationship{MessageID: ids[0], Type: m.ParentKind}
	}
	return err
}

// idsOf returns the ids that a statement finds, in standard base64.
func idsOf(tx *db.Tx, sql string, args ...any) ([]string, error) {
	found, err := db.All(tx, db.ScanValue[wire.MessageID], sql, args...)
	ids := make([]string, len(found))
	for i, id := range found {
		ids[i] = id.Standard()
	}
	return ids, err
}
