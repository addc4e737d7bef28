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
	s.notify(to.ID, notice{user: caller.User})
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
	Summary: "Stream who is typing in a stream, and who reads the caller's messages.",
	About: "For members, until they leave. Sends server-sent events named typing, and events named read " +
		"when another member marks the stream as read up to a message of the caller. A notice may be " +
		"lost; none is sent again.",
	Needs:   auth.AnyUser,
	Opens:   []auth.Permission{auth.SendMessages},
	Passive: true,
	Waits:   true,
	Also:    []int{404},
	Handle:  op.Stream((*Service).watchTyping),
}

// Typing says that a user is typing, or in an event named read, that a user has read.
type Typing struct {
	Stream wire.StreamID `json:"streamId"`
	User   wire.UserID   `json:"userId"`
}

// beatEvery is how often an open event stream gives a sign of life.
const beatEvery = 15 * time.Second

// watchTyping sends notices until the client disconnects, its session or membership ends, or the
// node drains.
func (s *Service) watchTyping(ctx context.Context, caller auth.Caller, in streamInput, out *op.Events[Typing]) error {
	heard, forget := s.hub.listen(in.SID, caller.User)
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
		case n := <-heard:
			name := "typing"
			if n.author != 0 {
				name = "read"
			}
			event, err := op.EncodeEvent(name, "", Typing{in.SID, n.user})
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

// typingTopic is what notices go through: the id of a stream, of a user and, if the user has read a
// message, of its author. Nodes of earlier versions do not understand the latter and ignore it.
const typingTopic = "typing"

// notify tells all nodes.
func (s *Service) notify(id wire.StreamID, n notice) {
	payload := string(id) + " " + n.user.String()
	if n.author != 0 {
		payload += " " + n.author.String()
	}
	s.Notify.Notify(typingTopic, payload)
}

// heard tells a notice of this node, or of another, to those who listen.
func (s *Service) heard(payload string) {
	words := strings.Fields(payload)
	if len(words) < 2 {
		return
	}
	user, err := wire.ParseUserID(words[1])
	if err != nil {
		return
	}
	n := notice{user: user}
	if len(words) > 2 {
		if n.author, err = wire.ParseUserID(words[2]); err != nil {
			return
		}
	}
	s.hub.tell(wire.StreamID(words[0]), n)
}
