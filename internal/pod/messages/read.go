package messages

import (
	"slices"

	"podium/internal/auth"
	"podium/internal/db"
	"podium/internal/op"
	"podium/internal/pod/messages/message"
	"podium/internal/pod/streams"
	"podium/internal/wire"
)

var getMessage = op.Operation[Service]{
	ID:              "getMessage",
	Route:           "GET /agent/v1/message/{id}",
	Tag:             "Messages",
	Summary:         "Read a message.",
	About:           "There is no content if the message does not exist, is suppressed, or cannot be read by the caller.",
	Needs:           auth.AnyUser,
	KeyManagerToken: true,
	Also:            []int{204},
	Handle:          op.Read((*Service).getMessage),
}

type getInput struct {
	ID wire.MessageID `path:"id"`
}

func (s *Service) getMessage(tx *db.Tx, caller auth.Caller, in getInput) (op.Optional[message.Message], error) {
	none := op.Optional[message.Message]{}
	m, to, ok, err := message.Read(tx, caller, in.ID)
	if err != nil || !ok {
		return none, err
	}
	list, err := message.View(tx, caller, []message.Row{m}, map[int64]streams.Stream{to.Number: to.Stream})
	if err != nil {
		return none, err
	}
	return op.Optional[message.Message]{Value: &list[0]}, nil
}

var listMessages = op.Operation[Service]{
	ID:      "listMessages",
	Route:   "GET /agent/v4/stream/{sid}/message",
	Tag:     "Messages",
	Summary: "List the messages of a stream since a time.",
	About: "Answers the oldest messages of the time asked for, the newest of them first. For " +
		"members, in public rooms for all users of the company. Where the history of a " +
		"room is not shown, a member reads what was sent since joining. A limit above 500 " +
		"means 500.",
	Needs:           auth.AnyUser,
	KeyManagerToken: true,
	Handle:          op.Read((*Service).listMessages),
}

// maxListed is the most messages of one page, as published.
const maxListed = 500

type listInput struct {
	SID   wire.StreamID `path:"sid"`
	Since wire.Time     `query:"since"`
	Until *wire.Time    `query:"until"`
	Skip  int           `query:"skip" default:"0" min:"0" max:"1000000000"`
	Limit int           `query:"limit" default:"50" min:"1" max:"1000000"`
}

func (s *Service) listMessages(tx *db.Tx, caller auth.Caller, in listInput) ([]message.Message, error) {
	to, since, err := message.Readable(tx, caller, in.SID)
	if err != nil {
		return nil, err
	}
	until := wire.Time(1<<63 - 1)
	if in.Until != nil {
		until = *in.Until
	}
	list, err := db.All(tx, message.Scan, message.Select+`
		WHERE m.stream = $1 AND m.at BETWEEN $2 AND $3 AND m.suppressed = 0
		ORDER BY m.at, m.number
		LIMIT $4 OFFSET $5`, to.Number, max(since, in.Since), until, min(in.Limit, maxListed), in.Skip)
	if err != nil {
		return nil, err
	}
	slices.Reverse(list)
	return message.View(tx, caller, list, map[int64]streams.Stream{to.Number: to.Stream})
}
