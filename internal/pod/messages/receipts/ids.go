package receipts

import (
	"time"

	"podium/internal/apierr"
	"podium/internal/auth"
	"podium/internal/db"
	"podium/internal/op"
	"podium/internal/pod/streams"
	"podium/internal/wire"
)

var listMessageIDs = op.Operation[Service]{
	ID:         "listMessageIds",
	Route:      "GET /pod/v2/admin/streams/{streamId}/messageIds",
	Tag:        "Streams",
	Summary:    "List the ids of a stream's messages of at most a day, oldest first.",
	About:      "Without times, lists those of the last 24 hours.",
	Deprecated: true,
	Needs:      auth.All(auth.ViewManageMessages),
	Also:       []int{404, 422},
	Handle:     op.Read((*Service).listMessageIDs),
}

type messageIDsInput struct {
	StreamID wire.StreamID `path:"streamId"`
	Since    *wire.Time    `query:"since"`
	To       *wire.Time    `query:"to"`
	Limit    int           `query:"limit" default:"50" min:"1" max:"1000"`
	Offset   int           `query:"offset" default:"0" min:"0" max:"1000000000"`
}

// MessageIDs is a page of a stream's messages: the published MessageIdsFromStream.
type MessageIDs struct {
	Data      []wire.MessageID `json:"Data"`
	Total     int64            `json:"TotalNumberFound"`
	Returned  int              `json:"numberReturned"`
	NextStart int              `json:"nextStartNumber" doc:"The next page's offset; 0: there is none."`
}

// day is the longest range of time in one request for messages.
const day = 24 * time.Hour

func (s *Service) listMessageIDs(tx *db.Tx, caller auth.Caller, in messageIDsInput) (MessageIDs, error) {
	to := tx.Now()
	if in.To != nil {
		to = *in.To
	}
	since := to.Add(-day)
	if in.Since != nil {
		since = *in.Since
	}
	if since > to {
		return MessageIDs{}, apierr.Invalid("Invalid value for since: it is after to")
	}
	found, err := streams.See(tx, caller, in.StreamID)
	if err != nil {
		return MessageIDs{}, err
	}
	if to-since > wire.Time(day.Milliseconds()) {
		return MessageIDs{}, apierr.Unprocessable("Timestamp range is bigger than twenty-four hours")
	}
	out := MessageIDs{}
	out.Total, err = db.Value[int64](tx, `
		SELECT COUNT(*)
		FROM stream_messages
		WHERE stream = $1 AND at BETWEEN $2 AND $3`, found.Number, since, to)
	if err != nil {
		return out, err
	}
	out.Data, err = db.All(tx, db.ScanValue[wire.MessageID], `
		SELECT id
		FROM stream_messages
		WHERE stream = $1 AND at BETWEEN $2 AND $3
		ORDER BY at, number
		LIMIT $4 OFFSET $5`, found.Number, since, to, in.Limit, in.Offset)
	out.Returned = len(out.Data)
	if next := in.Offset + out.Returned; int64(next) < out.Total && out.Returned > 0 {
		out.NextStart = next
	}
	return out, err
}
