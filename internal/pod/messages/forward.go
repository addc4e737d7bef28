package messages

import (
	"context"
	"encoding/json"
	"strconv"

	"podium/internal/apierr"
	"podium/internal/auth"
	"podium/internal/db"
	"podium/internal/messageml"
	"podium/internal/op"
	"podium/internal/pod/messages/files"
	"podium/internal/pod/messages/message"
	"podium/internal/wire"
)

var forwardMessage = op.Operation[Service]{
	ID:      "forwardMessage",
	Route:   "POST /podium/v1/stream/{sid}/message/{mid}/forward",
	Tag:     "Messages",
	Summary: "Send a message again, to another stream.",
	About: "For those who can read the message and may send to the other stream. The new message " +
		"has the text, the data and the files of the forwarded one, and names it as its " +
		"parent. Messages of copy-protected rooms, and those with forms, cannot be forwarded.",
	Needs:  auth.AnyUser,
	Opens:  []auth.Permission{auth.SendMessages},
	Also:   []int{404, 451, 503},
	Handle: op.Call((*Service).forwardMessage),
}

type forwardInput struct {
	SID  wire.StreamID  `path:"sid" doc:"The stream of the message."`
	MID  wire.MessageID `path:"mid"`
	Body struct {
		To *wire.StreamID `json:"streamId" doc:"The stream to send to."`
	}
}

func (in forwardInput) Validate() error {
	if in.Body.To == nil {
		return apierr.Invalid("streamId: it is required")
	}
	return nil
}

func (s *Service) forwardMessage(ctx context.Context, caller auth.Caller, in forwardInput) (message.Message, error) {
	d, err := db.Read(ctx, s.DB, func(tx *db.Tx) (*draft, error) { return s.again(tx, caller, in) })
	if err != nil {
		return message.Message{}, err
	}
	d.ctx, d.author = ctx, caller
	if err := s.look(ctx, d, nil); err != nil {
		return message.Message{}, err
	}
	sent := s.sender.send([]*draft{d})[0]
	return sent.message, sent.err
}

// again returns a draft with the content of a message. The transaction that sends it asks again
// whether the caller can read the message.
func (s *Service) again(tx *db.Tx, caller auth.Caller, in forwardInput) (*draft, error) {
	m, from, err := readParent(tx, caller, in.MID)
	switch {
	case err != nil:
		return nil, err
	case from.ID != in.SID:
		return nil, message.ErrNone()
	case m.Forms:
		return nil, apierr.Invalid("A message with forms cannot be forwarded")
	}
	d := &draft{stream: *in.Body.To, parent: m.ID, relation: message.Forward, article: m.Content}
	if m.IsArticle() {
		return d, nil
	}
	words, err := db.Value[string](tx, `SELECT words FROM stream_messages WHERE id = $1`, m.ID)
	if err != nil {
		return nil, err
	}
	d.text = &messageml.Message{PresentationML: m.Body, Data: m.Data, Words: words}
	var data any
	if err := json.Unmarshal([]byte(m.Data), &data); err != nil {
		return nil, err
	}
	named(d.text, data)
	attached, err := files.Of(tx, []int64{m.Number})
	d.files = s.Files.CopiesOf(caller.User, attached[m.Number])
	return d, err
}

// The types of the ids in EntityJSON, as published.
const (
	hashtagID = "org.symphonyoss.taxonomy.hashtag"
	cashtagID = "org.symphonyoss.fin.security.id.ticker"
	mentionID = "com.symphony.user.userId"
)

// named notes the tags and mentions in the data of a message, at any depth.
func named(m *messageml.Message, data any) {
	switch data := data.(type) {
	case []any:
		for _, v := range data {
			named(m, v)
		}
	case map[string]any:
		kind, _ := data["type"].(string)
		value, _ := data["value"].(string)
		switch {
		case value == "":
		case kind == hashtagID:
			m.Hashtags = append(m.Hashtags, value)
		case kind == cashtagID:
			m.Cashtags = append(m.Cashtags, value)
		case kind == mentionID:
			if id, err := strconv.ParseInt(value, 10, 64); err == nil {
				m.Mentions = append(m.Mentions, id)
			}
		}
		for _, v := range data {
			named(m, v)
		}
	}
}
