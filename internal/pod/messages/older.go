package messages

import (
	"context"
	"strconv"

	"podium/internal/auth"
	"podium/internal/db"
	"podium/internal/op"
	"podium/internal/pod/messages/message"
	"podium/internal/wire"
)

var createMessageV1 = op.Operation[Service]{
	ID:              "createMessageV1",
	Route:           "POST /agent/v1/stream/{sid}/message/create",
	Tag:             "Messages",
	Summary:         "Send a message to a stream, first form.",
	Needs:           auth.AnyUser,
	Opens:           []auth.Permission{auth.SendMessages},
	KeyManagerToken: true,
	Deprecated:      true,
	Handle:          op.Call((*Service).createMessageV1),
}

var createMessageV2 = op.Operation[Service]{
	ID:              "createMessageV2",
	Route:           "POST /agent/v2/stream/{sid}/message/create",
	Tag:             "Messages",
	Summary:         "Send a message to a stream, second form.",
	Needs:           auth.AnyUser,
	Opens:           []auth.Permission{auth.SendMessages},
	KeyManagerToken: true,
	Deprecated:      true,
	Handle:          op.Call((*Service).createMessageV2),
}

var createMessageV3 = op.Operation[Service]{
	ID:              "createMessageV3",
	Route:           "POST /agent/v3/stream/{sid}/message/create",
	Tag:             "Messages",
	Summary:         "Send a message to a stream, third form.",
	Needs:           auth.AnyUser,
	Opens:           []auth.Permission{auth.SendMessages},
	KeyManagerToken: true,
	Deprecated:      true,
	Handle:          op.Call((*Service).createMessageV2),
}

var listMessagesV1 = op.Operation[Service]{
	ID:              "listMessagesV1",
	Route:           "GET /agent/v1/stream/{sid}/message",
	Tag:             "Messages",
	Summary:         "List the messages of a stream since a time, first form.",
	Needs:           auth.AnyUser,
	KeyManagerToken: true,
	Deprecated:      true,
	Handle:          op.Read((*Service).listMessagesV1),
}

var listMessagesV2 = op.Operation[Service]{
	ID:              "listMessagesV2",
	Route:           "GET /agent/v2/stream/{sid}/message",
	Tag:             "Messages",
	Summary:         "List the messages of a stream since a time, second form.",
	Needs:           auth.AnyUser,
	KeyManagerToken: true,
	Deprecated:      true,
	Handle:          op.Read((*Service).listMessagesV2),
}

type createV1Input struct {
	SID  wire.StreamID `path:"sid"`
	Body struct {
		Format  Format `json:"format" doc:"TEXT or MESSAGEML."`
		Message string `json:"message" maxLength:"1500000"`
	}
}

type createV2Input struct {
	SID  wire.StreamID `path:"sid"`
	Body struct {
		Format      Format `json:"format" doc:"TEXT or MESSAGEML."`
		Message     string `json:"message" maxLength:"1500000"`
		Attachments []File `json:"attachments" maxItems:"25" doc:"Files that were uploaded before."`
	}
}

// V1Message is a message as the first operations answer it. Its timestamp is a text.
type V1Message struct {
	ID         wire.MessageID `json:"id"`
	Timestamp  string         `json:"timestamp"`
	Type       string         `json:"messageType"`
	StreamID   wire.StreamID  `json:"streamId"`
	Message    string         `json:"message" doc:"PresentationML."`
	FromUserID wire.UserID    `json:"fromUserId"`
}

func (s *Service) createMessageV1(ctx context.Context, caller auth.Caller, in createV1Input) (V1Message, error) {
	m, err := s.sendOlder(ctx, caller, in.SID, in.Body.Format, in.Body.Message, nil)
	return V1(m), err
}

func (s *Service) createMessageV2(ctx context.Context, caller auth.Caller, in createV2Input) (V2Message, error) {
	m, err := s.sendOlder(ctx, caller, in.SID, in.Body.Format, in.Body.Message, in.Body.Attachments)
	return V2(m), err
}

// sendOlder sends a message of an older form.
func (s *Service) sendOlder(ctx context.Context, caller auth.Caller, stream wire.StreamID, format Format, body string, attached []File) (message.Message, error) {
	text, err := format.text(body)
	if err != nil {
		return message.Message{}, err
	}
	d := draft{stream: stream}
	for _, f := range attached {
		d.pending = append(d.pending, f.ID)
	}
	return s.send(ctx, caller, Form{Message: text}, d)
}

// V1 returns a message in the first form.
func V1(m message.Message) V1Message {
	return V1Message{
		ID: m.ID, Timestamp: strconv.FormatInt(int64(m.Timestamp), 10), Type: "Message", StreamID: m.Stream.ID, Message: m.Text,
		FromUserID: m.User.UserID,
	}
}

// V2 returns a message in the second form.
func V2(m message.Message) V2Message {
	v := V2Message{
		ID: m.ID, Timestamp: strconv.FormatInt(int64(m.Timestamp), 10), Type: "V2Message", StreamID: m.Stream.ID, Message: m.Text,
		FromUserID: m.User.UserID, Attachments: []File{},
	}
	for _, a := range m.Attachments {
		v.Attachments = append(v.Attachments, File{ID: a.ID, Name: a.Name, Size: a.Size})
	}
	return v
}

type listV1Input struct {
	SID    wire.StreamID `path:"sid"`
	Since  wire.Time     `query:"since"`
	Offset int           `query:"offset" default:"0" min:"0" max:"1000000000"`
	Limit  int           `query:"maxMessages" default:"50" min:"1" max:"1000000"`
}

type listV2Input struct {
	SID    wire.StreamID `path:"sid"`
	Since  wire.Time     `query:"since"`
	Offset int           `query:"offset" default:"0" min:"0" max:"1000000000"`
	Limit  int           `query:"limit" default:"50" min:"1" max:"1000000"`
}

func (s *Service) listMessagesV1(tx *db.Tx, caller auth.Caller, in listV1Input) ([]V1Message, error) {
	list, err := s.listMessages(tx, caller, listInput{SID: in.SID, Since: in.Since, Skip: in.Offset, Limit: in.Limit})
	out := make([]V1Message, len(list))
	for i, m := range list {
		out[i] = V1(m)
	}
	return out, err
}

func (s *Service) listMessagesV2(tx *db.Tx, caller auth.Caller, in listV2Input) ([]V2Message, error) {
	list, err := s.listMessages(tx, caller, listInput{SID: in.SID, Since: in.Since, Skip: in.Offset, Limit: in.Limit})
	out := make([]V2Message, len(list))
	for i, m := range list {
		out[i] = V2(m)
	}
	return out, err
}
