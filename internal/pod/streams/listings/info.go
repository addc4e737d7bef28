package listings

import (
	"podium/internal/auth"
	"podium/internal/db"
	"podium/internal/op"
	"podium/internal/pod/streams"
	"podium/internal/wire"
)

var streamInfo = op.Operation[Service]{
	ID:      "getStreamInfo",
	Route:   "GET /pod/v2/streams/{sid}/info",
	Tag:     "Streams",
	Summary: "Read a stream of any type.",
	About: "For its members, for all users of the company if it is a room that others may " +
		"find, and for administrators who may see the details of any stream.",
	Needs:  auth.AnyUser,
	Opens:  []auth.Permission{auth.SendMessages},
	Handle: op.Read((*Service).streamInfo),
}

var streamInfoV1 = op.Operation[Service]{
	ID:         "getStreamInfoV1",
	Route:      "GET /pod/v1/streams/{sid}/info",
	Tag:        "Streams",
	Summary:    "Read a stream of any type, first form.",
	About:      "Works like getStreamInfo.",
	Deprecated: true,
	Needs:      auth.AnyUser,
	Opens:      []auth.Permission{auth.SendMessages},
	Handle:     op.Read((*Service).streamInfoV1),
}

type streamInput struct {
	SID wire.StreamID `path:"sid"`
}

// StreamInfo is a stream: the published V2StreamAttributes.
type StreamInfo struct {
	ID          wire.StreamID `json:"id"`
	CrossPod    bool          `json:"crossPod"`
	Origin      string        `json:"origin" doc:"INTERNAL if the creator is of the caller's company, else EXTERNAL."`
	Active      bool          `json:"active"`
	LastMessage wire.Time     `json:"lastMessageDate,omitempty"`
	Type        TypeObject    `json:"streamType"`
	Attributes  *FixedMembers `json:"streamAttributes,omitempty"`
	Room        *RoomInInfo   `json:"roomAttributes,omitempty"`
}

// RoomInInfo holds what stream info shows of a room.
type RoomInInfo struct {
	Name   string              `json:"name"`
	Groups []streams.GroupItem `json:"groups,omitempty" doc:"The distribution lists in the room."`
}

func (s *Service) streamInfo(tx *db.Tx, caller auth.Caller, in streamInput) (StreamInfo, error) {
	found, l, err := readableStream(tx, caller, in.SID)
	if err != nil {
		return StreamInfo{}, err
	}
	last, err := streams.LastMessages(tx, found)
	if err != nil {
		return StreamInfo{}, err
	}
	info := StreamInfo{
		ID: l.ID, CrossPod: l.CrossPod, Origin: found.Origin(caller.Company), Active: l.Active, LastMessage: last[found.Number],
		Type: l.Type, Attributes: l.Attributes,
	}
	lists, err := streams.GroupsIn(tx, found)
	if found.Type == streams.Room {
		info.Room = &RoomInInfo{Name: found.Name, Groups: lists[found.Number]}
	}
	return info, err
}

func (s *Service) streamInfoV1(tx *db.Tx, caller auth.Caller, in streamInput) (Listed, error) {
	_, l, err := readableStream(tx, caller, in.SID)
	return l, err
}

// readableStream returns a stream that the caller may read.
func readableStream(tx *db.Tx, caller auth.Caller, id wire.StreamID) (streams.Stream, Listed, error) {
	found, err := streams.See(tx, caller, id)
	if err == nil && !(found.Type == streams.Room && found.Discoverable && found.Company == caller.Company) {
		_, err = streams.Allow(tx, caller, found, streams.Reading(auth.ViewAnyStreamDetails))
	}
	if err != nil {
		return streams.Stream{}, Listed{}, err
	}
	list, err := listed(tx, []streams.Stream{found.Stream})
	return found.Stream, list[0], err
}
