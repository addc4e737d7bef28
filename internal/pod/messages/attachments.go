package messages

import (
	"podium/internal/apierr"
	"podium/internal/auth"
	"podium/internal/db"
	"podium/internal/op"
	"podium/internal/pod/messages/files"
	"podium/internal/pod/messages/message"
	"podium/internal/pod/streams"
	"podium/internal/wire"
)

var listAttachments = op.Operation[Service]{
	ID:      "listStreamAttachments",
	Route:   "GET /pod/v1/streams/{sid}/attachments",
	Tag:     "Streams",
	Summary: "List the files attached to a stream's messages.",
	About: "For members, who see the files of messages that they can read, and for content " +
		"managers. since and to limit the times of the messages; the order is that of sending.",
	Needs:  auth.AnyUser,
	Handle: op.Read((*Service).listAttachments),
}

type attachmentsInput struct {
	SID       wire.StreamID     `path:"sid"`
	Since     *wire.Time        `query:"since"`
	To        *wire.Time        `query:"to"`
	Limit     int               `query:"limit" default:"50" min:"1" max:"100"`
	Direction message.Direction `query:"sortDir" default:"ASC"`
}

func (in attachmentsInput) Validate() error {
	if in.Since != nil && in.To != nil && *in.Since > *in.To {
		return apierr.Invalid("Invalid value for since: it is after to")
	}
	return nil
}

// Attachment is a file attached to a message.
type Attachment struct {
	MessageID     wire.MessageID `json:"messageId"`
	UserID        wire.UserID    `json:"userId"`
	IngestionDate wire.Time      `json:"ingestionDate"`
	FileID        string         `json:"fileId" doc:"Percent-encoded, as in the message."`
	Name          string         `json:"name"`
	Size          int64          `json:"size"`
	ContentType   string         `json:"content-type"`
	Previews      []Preview      `json:"previews,omitempty"`
}

// Preview is a small picture of an attached picture.
type Preview struct {
	FileID string `json:"fileId"`
	Width  int64  `json:"width"`
}

func (s *Service) listAttachments(tx *db.Tx, caller auth.Caller, in attachmentsInput) ([]Attachment, error) {
	found, err := streams.See(tx, caller, in.SID)
	if err != nil {
		return nil, err
	}
	if _, err := streams.Allow(tx, caller, found, streams.Reading(auth.ViewManageMessages)); err != nil {
		return nil, err
	}
	page := files.Page{
		Stream: found.Number, Newest: !in.Direction.OldestFirst(), Limit: in.Limit, Until: wire.Time(1<<63 - 1),
	}
	if found.In { // members see what they can read, content managers everything
		page.Since, _ = message.ReadableSince(caller, found)
	}
	if in.Since != nil {
		page.Since = max(page.Since, *in.Since)
	}
	if in.To != nil {
		page.Until = *in.To
	}
	list, err := files.List(tx, page)
	if err != nil {
		return nil, err
	}
	out := make([]Attachment, len(list))
	for i, f := range list {
		out[i] = Attachment{
			MessageID: f.Message, UserID: f.Author, IngestionDate: f.At, FileID: files.WireID(f.ID), Name: f.Name, Size: f.Size,
			ContentType: f.ContentType,
		}
		for _, p := range f.Previews {
			out[i].Previews = append(out[i].Previews, Preview{FileID: files.WireID(p.ID), Width: int64(p.Width)})
		}
	}
	return out, nil
}
