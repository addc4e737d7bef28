package messages

import (
	"context"
	"errors"
	"strings"

	"podium/internal/apierr"
	"podium/internal/auth"
	"podium/internal/op"
	"podium/internal/pod/messages/message"
	"podium/internal/wire"
)

var blastMessage = op.Operation[Service]{
	ID:      "blastMessage",
	Route:   "POST /agent/v4/message/blast",
	Tag:     "Messages",
	Summary: "Send a message to several streams.",
	About: "Each stream gets a message of its own, or an entry in errors. A stream that is " +
		"named more than once gets one. If policies block the message and no stream gets it, the " +
		"answer is 451.",
	Needs:           auth.AnyUser,
	Opens:           []auth.Permission{auth.SendMessages},
	KeyManagerToken: true,
	MaxBody:         maxForm,
	Also:            []int{413, 415, 451, 503},
	Handle:          op.Call((*Service).blastMessage),
}

// maxBlast is the most streams of one blast, as published.
const maxBlast = 100

type blastInput struct {
	Form struct {
		Streams     string      `part:"sids" maxLength:"13000" doc:"The ids of at most 100 streams, separated by commas."`
		Message     string      `part:"message" maxLength:"1500000" doc:"MessageML or PresentationML."`
		Data        string      `part:"data" maxLength:"1500000" doc:"EntityJSON."`
		Version     string      `part:"version" maxLength:"16" doc:"Of MessageML; 2.0 if it is absent."`
		Attachments []op.Upload `part:"attachment" maxItems:"25"`
		Previews    []op.Upload `part:"preview" maxItems:"25" doc:"None, or one for each attachment."`
	}
}

// Blast is what became of a blast: the published V4MessageBlastResponse.
type Blast struct {
	Messages []message.Message   `json:"messages"`
	Errors   map[string]op.Error `json:"errors" doc:"By the id of the stream, as it was sent."`
}

func (s *Service) blastMessage(ctx context.Context, caller auth.Caller, in blastInput) (Blast, error) {
	out := Blast{Messages: []message.Message{}, Errors: map[string]op.Error{}}
	asked, targets, err := out.streams(in.Form.Streams)
	if err != nil {
		return out, err
	}
	form := Form{Message: in.Form.Message, Data: in.Form.Data, Version: in.Form.Version, Attachments: in.Form.Attachments, Previews: in.Form.Previews}
	var first draft
	if err := s.prepare(ctx, caller, form, &first); err != nil {
		return out, err
	}
	drafts := make([]*draft, len(targets))
	for i, id := range targets {
		d := first
		d.stream, d.files = id, s.Files.Copies(first.files)
		drafts[i] = &d
	}
	var stopped error // by policies, if no stream got the message
	for i, sent := range s.sender.send(drafts) {
		var refused *apierr.Error
		switch {
		case sent.err == nil:
			out.Messages = append(out.Messages, sent.message)
		case errors.As(sent.err, &refused):
			out.Errors[asked[i]] = op.ErrorOf(refused)
			if blocked(sent.err) && stopped == nil {
				stopped = sent.err
			}
		default:
			return out, sent.err
		}
	}
	if len(out.Messages) > 0 {
		stopped = nil
	}
	return out, stopped
}

// streams returns the streams of a blast, each once, and how the request names them. Malformed ids
// go to errors.
func (b *Blast) streams(text string) (asked []string, ids []wire.StreamID, err error) {
	known := map[wire.StreamID]bool{}
	for element := range strings.SplitSeq(text, ",") {
		if element = strings.TrimSpace(element); element == "" {
			continue
		}
		if len(ids)+len(b.Errors) == maxBlast {
			return nil, nil, apierr.Invalid("The number of stream ids must not exceed %d", maxBlast)
		}
		var id wire.StreamID
		var refused *apierr.Error
		if errors.As(id.UnmarshalText([]byte(element)), &refused) {
			b.Errors[element] = op.ErrorOf(refused)
			continue
		}
		if !known[id] {
			known[id] = true
			asked, ids = append(asked, element), append(ids, id)
		}
	}
	if len(ids)+len(b.Errors) == 0 {
		return nil, nil, apierr.Invalid("Invalid value for sids: it is required")
	}
	return asked, ids, nil
}
