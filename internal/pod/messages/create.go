package messages

import (
	"context"

	"podium/internal/apierr"
	"podium/internal/auth"
	"podium/internal/op"
	"podium/internal/pod/messages/files"
	"podium/internal/pod/messages/message"
	"podium/internal/wire"
)

var createMessage = op.Operation[Service]{
	ID:      "createMessage",
	Route:   "POST /agent/v4/stream/{sid}/message/create",
	Tag:     "Messages",
	Summary: "Send a message to a stream.",
	About: "For members, in public rooms for all users of the company, in a read-only room " +
		"for owners. Only service accounts send forms.",
	Needs:           auth.AnyUser,
	Opens:           []auth.Permission{auth.SendMessages},
	KeyManagerToken: true,
	MaxBody:         maxForm,
	Also:            []int{413, 415, 451, 503},
	Handle:          op.Call((*Service).createMessage),
}

// maxForm is how many bytes a request with a message may have: 30 MB of files, and the text.
const maxForm = files.MaxTotal + 2*1_500_000 + 1<<20

// Form is the body of a request that sends a message.
type Form struct {
	Message     string      `part:"message" maxLength:"1500000" doc:"MessageML or PresentationML."`
	Data        string      `part:"data" maxLength:"1500000" doc:"EntityJSON."`
	Version     string      `part:"version" maxLength:"16" doc:"Of MessageML; 2.0 if it is absent."`
	Attachments []op.Upload `part:"attachment" maxItems:"25"`
	Previews    []op.Upload `part:"preview" maxItems:"25" doc:"None, or one for each attachment."`
	Silent      bool        `part:"silent" default:"true" doc:"Of an update: readers need not notice it."`
}

type createInput struct {
	SID  wire.StreamID `path:"sid"`
	Form Form
}

func (s *Service) createMessage(ctx context.Context, caller auth.Caller, in createInput) (message.Message, error) {
	return s.send(ctx, caller, in.Form, draft{stream: in.SID})
}

var updateMessage = op.Operation[Service]{
	ID:      "updateMessage",
	Route:   "POST /agent/v4/stream/{sid}/message/{mid}/update",
	Tag:     "Messages",
	Summary: "Send a new version of a message.",
	About: "For its author. The message named may be any version; the new one follows the " +
		"newest. It has the attachments of this request only.",
	Needs:           auth.AnyUser,
	Opens:           []auth.Permission{auth.SendMessages},
	KeyManagerToken: true,
	MaxBody:         maxForm,
	Also:            []int{413, 415, 451, 503},
	Handle:          op.Call((*Service).updateMessage),
}

type updateInput struct {
	SID  wire.StreamID  `path:"sid"`
	MID  wire.MessageID `path:"mid"`
	Form Form
}

func (s *Service) updateMessage(ctx context.Context, caller auth.Caller, in updateInput) (message.Message, error) {
	return s.send(ctx, caller, in.Form, draft{stream: in.SID, update: in.MID, silent: in.Form.Silent})
}

// send sends one message. d says where to, and what it updates.
func (s *Service) send(ctx context.Context, caller auth.Caller, form Form, d draft) (message.Message, error) {
	if err := s.prepare(ctx, caller, form, &d); err != nil {
		return message.Message{}, err
	}
	sent := s.sender.send([]*draft{&d})[0]
	return sent.message, sent.err
}

// prepare converts the text of a request and stores its files, for a message of the caller.
func (s *Service) prepare(ctx context.Context, caller auth.Caller, form Form, d *draft) error {
	d.ctx, d.author = ctx, caller
	var err error
	if d.text, err = s.convert(ctx, caller, form.Message, form.Data, form.Version); err != nil {
		return err
	}
	if n := len(form.Previews); n > 0 && n != len(form.Attachments) {
		return apierr.Invalid("The number of previews must match the number of attachments")
	}
	if len(d.pending) > 0 {
		if d.files, err = s.pendingFiles(ctx, d); err != nil {
			return err
		}
		return s.look(ctx, d, nil)
	}
	if len(form.Attachments) == 0 {
		return s.look(ctx, d, nil)
	}
	if err := files.CheckSizes(form.Attachments, form.Previews); err != nil {
		return err
	}
	d.files = files.Named(form.Attachments, form.Previews)
	if err := s.mayAttach(ctx, d); err != nil { // before the files are stored
		return err
	}
	if d.files, err = s.Files.Keep(ctx, caller, form.Attachments, form.Previews); err != nil {
		return err
	}
	return s.look(ctx, d, form.Attachments)
}
