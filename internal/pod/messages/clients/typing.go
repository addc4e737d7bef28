package clients

import (
	"context"
	"strings"
	"time"

	"podium/internal/apierr"
	"podium/internal/auth"
	"podium/internal/db"
	"podium/internal/op"
	"podium/internal/pod/streams"
	"podium/internal/wire"
)

var tellTyping = op.Operation[Service]{
	ID:      "tellTyping",
	Route:   "POST /podium/v1/stream/{sid}/typing",
	Tag:     "Messages",
	Summary: "Tell the members of a stream that the caller is typing.",
	About: "For members who may send. The notice reaches those who follow the typing in the " +
		"stream just then. It is not stored.",
	Needs:  auth.AnyUser,
	Opens:  []auth.Permission{auth.SendMessages},
	Also:   []int{404},
	Handle: op.Read((*Service).typing),
}

type streamInput struct {
	SID wire.StreamID `path:"sid"`
}

func (s *Service) typing(tx *db.Tx, caller auth.Caller, in streamInput) (wire.Success, error) {
	to, err := memberOf(tx, caller, in.SID)
	if err != nil {
		return wire.Success{}, err
	}
	switch {
	case !to.Active:
		return wire.Success{}, apierr.Invalid("Stream is not active")
	case to.ReadOnly && !to.Owns():
		return wire.Success{}, apierr.Forbidden("only owners may send to room %s", to.ID)
	}
	s.Notify.Notify(typingTopic, string(to.ID)+" "+caller.User.String())
	return wire.Done("OK"), nil
}

// memberOf returns a stream that the caller is in. It fails with Forbidden.
func memberOf(tx *db.Tx, caller auth.Caller, id wire.StreamID) (streams.Seen, error) {
	to, err := streams.See(tx, caller, id)
	if err == nil && !to.In {
		err = apierr.Forbidden("the user is not a member of stream %s", to.ID)
	}
	return to, err
}

var watchTyping = op.Operation[Service]{
	ID:      "watchTyping",
	Route:   "GET /podium/v1/stream/{sid}/typing/events",
	Tag:     "Messages",
	Summary: "Stream who is typing in a stream.",
	About: "For members, until they leave. Sends server-sent events named typing. A notice may " +
		"be lost; none is sent again.",
	Needs:   auth.AnyUser,
	Opens:   []auth.Permission{auth.SendMessages},
	Passive: true,
	Waits:   true,
	Also:    []int{404},
	Handle:  op.Stream((*Service).watchTyping),
}

// Typing says that a user is typing.
type Typing struct {
	Stream wire.StreamID `json:"streamId"`
	User   wire.UserID   `json:"userId"`
}

// beatEvery is how often an open event stream gives a sign of life.
const beatEvery = 15 * time.Second

// watchTyping sends notices until the client disconnects, its session or membership ends, or the
// node drains.
func (s *Service) watchTyping(ctx context.Context, caller auth.Caller, in streamInput, out *op.Events[Typing]) error {
	heard, forget := s.hub.listen(in.SID)
	defer forget()
	if err := s.stillIn(ctx, caller, in.SID); err != nil {
		return err
	}
	if err := out.Begin(); err != nil {
		return err
	}
	beat := time.NewTicker(beatEvery)
	defer beat.Stop()
	for {
		var events [][]byte
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-s.Draining:
			return nil
		case user := <-heard:
			if user == caller.User {
				continue
			}
			event, err := op.EncodeEvent("typing", "", Typing{in.SID, user})
			if err != nil {
				return err
			}
			events = append(events, event)
		case <-beat.C:
		}
		if err := s.stillIn(ctx, caller, in.SID); err != nil {
			return err
		}
		if err := out.Send(events...); err != nil {
			return err
		}
	}
}

// stillIn fails if the caller is not in a stream.
func (s *Service) stillIn(ctx context.Context, caller auth.Caller, id wire.StreamID) error {
	_, err := db.Read(ctx, s.DB, func(tx *db.Tx) (streams.Seen, error) { return memberOf(tx, caller, id) })
	return err
}

// typingTopic is what the notices go through: the id of a stream, and of a user.
const typingTopic = "typing"

// heard tells a notice of this node, or of another, to those who listen.
func (s *Service) heard(payload string) {
	stream, text, _ := strings.Cut(payload, " ")
	user, err := wire.ParseUserID(text)
	if err == nil {
		s.hub.tell(wire.StreamID(stream), user)
	}
}
