package clients

import (
	"podium/internal/auth"
	"podium/internal/db"
	"podium/internal/db/lock"
	"podium/internal/op"
	"podium/internal/wire"
)

var markRead = op.Operation[Service]{
	ID:      "markMessageRead",
	Route:   "POST /podium/v1/stream/{sid}/message/{mid}/read",
	Tag:     "Messages",
	Summary: "Mark a stream as read, up to a message.",
	About: "For members who can read the message. The status of messages and their receipts " +
		"then show when the user read this message and those before it. A mark never goes " +
		"back.",
	Needs:  auth.AnyUser,
	Opens:  []auth.Permission{auth.SendMessages},
	Also:   []int{404},
	Handle: op.Write((*Service).markRead),
}

type readInput struct {
	SID wire.StreamID  `path:"sid"`
	MID wire.MessageID `path:"mid"`
}

func (s *Service) markRead(tx *db.Tx, caller auth.Caller, in readInput) (wire.Success, error) {
	done := wire.Done("Marked as read")
	if err := tx.Lock(lock.ReadMark(in.SID, caller.User)); err != nil {
		return done, err
	}
	m, to, err := readBy(tx, caller, in.SID, in.MID)
	if err != nil {
		return done, err
	}
	n, err := db.Value[int64](tx, `
		SELECT COUNT(*)
		FROM read_marks
		WHERE stream = $1 AND user_id = $2 AND message >= $3`, to.Number, caller.User, m.Number)
	if err != nil || n > 0 {
		return done, err
	}
	if m.Author != caller.User {
		tx.OnCommit(func() { s.notify(to.ID, notice{user: caller.User, author: m.Author}) })
	}
	return done, tx.Exec(`
		INSERT INTO read_marks (stream, user_id, message, at)
		VALUES ($1, $2, $3, $4)`, to.Number, caller.User, m.Number, tx.Now())
}
