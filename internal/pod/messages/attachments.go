package messages

import (
	"podium/internal/apierr"
	"podium/internal/auth"
	"podium/internal/db"
	"podium/internal/op"
	"podium/internal/pod/streams"
	"podium/internal/wire"
)

var listAttachments = op.Operation[Service]{
	ID:      "listStreamAttachments",
	Route:   "GET /pod/v1/streams/{sid}/attachments",
	Tag:     "Streams",
	Summary: "List the files attached to a stream's messages.",
	About: "For members and content managers. Shared articles have no files, so the list is " +
		"empty.",
	Needs:  auth.AnyUser,
	Handle: op.Read((*Service).listAttachments),
}

type attachmentsInput struct {
	SID       wire.StreamID `path:"sid"`
	Since     *wire.Time    `query:"since"`
	To        *wire.Time    `query:"to"`
	Limit     int           `query:"limit" default:"50" min:"1" max:"100"`
	Direction string        `query:"sortDir" default:"ASC" maxLength:"16"`
}

func (in attachmentsInput) Validate() error {
	if _, ok := wire.OneOf(in.Direction, []string{"ASC", "DESC"}); !ok {
		return apierr.Invalid("Invalid value for sortDir: ASC or DESC is expected")
	}
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
	FileID        string         `json:"fileId"`
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
	if err == nil {
		_, err = streams.Allow(tx, caller, found, streams.Reading(auth.ViewManageMessages))
	}
	return []Attachment{}, err
}
