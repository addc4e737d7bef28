package messages

import (
	"context"

	"podium/internal/apierr"
	"podium/internal/auth"
	"podium/internal/db"
	"podium/internal/op"
	"podium/internal/pod/messages/message"
	"podium/internal/pod/streams"
	"podium/internal/wire"
)

var replyToMessage = op.Operation[Service]{
	ID:      "replyToMessage",
	Route:   "POST /podium/v1/stream/{sid}/message/{mid}/reply",
	Tag:     "Messages",
	Summary: "Send a message that answers another one of the stream.",
	About: "For those who may send to the stream and can read the other message, which the new " +
		"one names as its parent.",
	Needs:   auth.AnyUser,
	Opens:   []auth.Permission{auth.SendMessages},
	MaxBody: maxForm,
	Also:    []int{404, 413, 415, 451, 503},
	Handle:  op.Call((*Service).replyToMessage),
}

type replyInput struct {
	SID  wire.StreamID  `path:"sid"`
	MID  wire.MessageID `path:"mid"`
	Form struct {
		Message     string      `part:"message" maxLength:"1500000" doc:"MessageML or PresentationML."`
		Data        string      `part:"data" maxLength:"1500000" doc:"EntityJSON."`
		Version     string      `part:"version" maxLength:"16" doc:"Of MessageML; 2.0 if it is absent."`
		Attachments []op.Upload `part:"attachment" maxItems:"25"`
		Previews    []op.Upload `part:"preview" maxItems:"25" doc:"None, or one for each attachment."`
	}
}

func (s *Service) replyToMessage(ctx context.Context, caller auth.Caller, in replyInput) (message.Message, error) {
	form := Form{Message: in.Form.Message, Data: in.Form.Data, Version: in.Form.Version, Attachments: in.Form.Attachments, Previews: in.Form.Previews}
	return s.send(ctx, caller, form, draft{stream: in.SID, parent: in.MID, relation: message.Reply})
}

// relate makes the message that the draft names the parent of m, if its author can read it.
func relate(tx *db.Tx, d *draft, to streams.Seen, m *message.Row) error {
	parent, from, err := readParent(tx, d.author, d.parent)
	switch {
	case err != nil:
		return err
	case d.relation == message.Reply && parent.Stream != to.Number:
		return apierr.Invalid("Message does not belong to the stream")
	case d.relation == message.Forward && from.CopyProtected:
		return apierr.Forbidden("messages of stream %s may not be copied", from.ID)
	}
	m.Parent, m.ParentKind = parent.ID, d.relation
	return nil
}

// readParent returns a message that the caller can read, with its stream. It fails with NotFound
// for any other one.
func readParent(tx *db.Tx, caller auth.Caller, id wire.MessageID) (message.Row, streams.Seen, error) {
	m, from, ok, err := message.Read(tx, caller, id)
	if err == nil && !ok {
		err = message.ErrNone()
	}
	return m, from, err
}
