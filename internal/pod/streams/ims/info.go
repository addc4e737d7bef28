package ims

import (
	"podium/internal/apierr"
	"podium/internal/auth"
	"podium/internal/db"
	"podium/internal/op"
	"podium/internal/pod/streams"
	"podium/internal/pod/streams/facts"
	"podium/internal/wire"
)

// IMDetail is an IM or a MIM: the published V1IMDetail.
type IMDetail struct {
	Attributes IMAttributes `json:"V1IMAttributes"`
	SystemInfo IMSystemInfo `json:"IMSystemInfo"`
}

// IMAttributes holds what may be changed of an IM.
type IMAttributes struct {
	Pinned wire.MessageID `json:"pinnedMessageId,omitempty"`
}

// IMSystemInfo holds what the pod knows of an IM.
type IMSystemInfo struct {
	ID           wire.StreamID `json:"id"`
	CreationDate wire.Time     `json:"creationDate"`
	Active       bool          `json:"active" doc:"False while a member's account is disabled, or a barrier separates members."`
}

// detailOf returns an IM as the API shows it.
func detailOf(s streams.Stream) IMDetail {
	return IMDetail{
		Attributes: IMAttributes{Pinned: s.Pinned},
		SystemInfo: IMSystemInfo{ID: s.ID, CreationDate: s.Created, Active: s.Active},
	}
}

var imInfo = op.Operation[Service]{
	ID:      "getIMInfo",
	Route:   "GET /pod/v1/im/{id}/info",
	Tag:     "Streams",
	Summary: "Read an IM or MIM.",
	About:   "For its members, and for administrators who may see the details of any stream.",
	Needs:   auth.AnyUser,
	Handle:  op.Read((*Service).imInfo),
}

type oneInput struct {
	ID wire.StreamID `path:"id"`
}

func (s *Service) imInfo(tx *db.Tx, caller auth.Caller, in oneInput) (IMDetail, error) {
	im, err := seeIM(tx, caller, in.ID)
	if err == nil {
		_, err = streams.Allow(tx, caller, im, streams.Reading(auth.ViewAnyStreamDetails))
	}
	return detailOf(im.Stream), err
}

var updateIM = op.Operation[Service]{
	ID:      "updateIM",
	Route:   "POST /pod/v1/im/{id}/update",
	Tag:     "Streams",
	Summary: "Pin a message of an IM or MIM, or remove the pin.",
	About:   "For members. An empty pinnedMessageId removes the pin.",
	Needs:   auth.AnyUser,
	Handle:  op.Write((*Service).updateIM),
}

type updateIMInput struct {
	ID   wire.StreamID `path:"id"`
	Body struct {
		Pinned *string `json:"pinnedMessageId" maxLength:"128" doc:"A message of this stream; empty: none."`
	}
}

func (in updateIMInput) Validate() error {
	if in.Body.Pinned == nil {
		return apierr.Invalid("No attribute to update")
	}
	return nil
}

func (s *Service) updateIM(tx *db.Tx, caller auth.Caller, in updateIMInput) (IMDetail, error) {
	if err := streams.Lock(tx, in.ID); err != nil {
		return IMDetail{}, err
	}
	im, err := seeIM(tx, caller, in.ID)
	if err != nil {
		return IMDetail{}, err
	}
	if !im.In {
		return IMDetail{}, apierr.Forbidden("only members may pin a message in stream %s", im.ID)
	}
	pinned, err := streams.Pinnable(tx, im.Stream, *in.Body.Pinned)
	if err != nil || pinned == im.Pinned {
		return detailOf(im.Stream), err
	}
	im.Pinned = pinned
	err = tx.Change(`UPDATE streams SET pinned = $2, modified = $3 WHERE number = $1`, im.Number, pinned, tx.Now())
	if err != nil {
		return IMDetail{}, err
	}
	place, err := facts.PlaceOf(tx, im.Stream)
	if err != nil {
		return IMDetail{}, err
	}
	return detailOf(im.Stream), s.Journal.Record(tx, caller, im.Subject(), facts.IMUpdated{Stream: place, Pinned: string(pinned)})
}

// seeIM returns an IM or MIM as streams.See does. It refuses other streams.
func seeIM(tx *db.Tx, caller auth.Caller, id wire.StreamID) (streams.Seen, error) {
	s, err := streams.See(tx, caller, id)
	if err == nil && s.Type != streams.IM && s.Type != streams.MIM {
		err = apierr.Invalid("Stream is not an IM")
	}
	return s, err
}
