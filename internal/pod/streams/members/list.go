package members

import (
	"podium/internal/auth"
	"podium/internal/db"
	"podium/internal/op"
	"podium/internal/pod/streams"
	"podium/internal/wire"
)

// MemberInfo is a member of a room: the published MemberInfo.
type MemberInfo struct {
	ID       wire.UserID `json:"id"`
	Owner    bool        `json:"owner"`
	JoinDate wire.Time   `json:"joinDate"`

	Through []wire.UserID `json:"addedThroughGroups,omitempty" doc:"The distribution lists through which the user is in the room, if through lists alone."`
}

var listMembers = op.Operation[Service]{
	ID:      "listRoomMembers",
	Route:   "GET /pod/v2/room/{id}/membership/list",
	Tag:     "Room Membership",
	Summary: "List a room's members, in the order in which they joined.",
	About: "Lists all members in one answer. For members, and for administrators who may see " +
		"the members of any stream.",
	Needs:  auth.AnyUser,
	Opens:  []auth.Permission{auth.ListUserStreams, auth.ManageRooms},
	Handle: op.Read((*Service).listMembers),
}

type membersInput struct {
	ID wire.StreamID `path:"id"`
}

func (s *Service) listMembers(tx *db.Tx, caller auth.Caller, in membersInput) ([]MemberInfo, error) {
	room, err := streams.SeeRoom(tx, caller, in.ID)
	if err == nil {
		_, err = streams.Allow(tx, caller, room, streams.Reading(auth.ViewAnyStreamMembership))
	}
	if err != nil {
		return nil, err
	}
	members, err := streams.MembersOf(tx, room.Stream)
	return infos(tx, room.Stream, members, err)
}

func infos(tx *db.Tx, room streams.Stream, members []streams.Member, err error) ([]MemberInfo, error) {
	if err != nil {
		return nil, err
	}
	origin, err := streams.Through(tx, room, members)
	list := make([]MemberInfo, len(members))
	for i, m := range members {
		list[i] = MemberInfo{ID: m.User, Owner: m.Owner, JoinDate: m.Joined, Through: origin[m.User]}
	}
	return list, err
}

var listMembersV1 = op.Operation[Service]{
	ID:      "listRoomMembersV1",
	Route:   "GET /pod/v1/room/{id}/membership/list",
	Tag:     "Room Membership",
	Summary: "List a room's members, first form.",
	About: "Works like listRoomMembers; administrators who may see earlier members see these " +
		"too.",
	Deprecated: true,
	Needs:      auth.AnyUser,
	Opens:      []auth.Permission{auth.ListUserStreams, auth.ManageRooms},
	Handle:     op.Read((*Service).listMembersV1),
}

func (s *Service) listMembersV1(tx *db.Tx, caller auth.Caller, in membersInput) ([]MemberInfo, error) {
	room, err := streams.SeeRoom(tx, caller, in.ID)
	if err == nil {
		_, err = streams.Allow(tx, caller, room, streams.Reading(auth.ViewAnyStreamMembership))
	}
	if err != nil {
		return nil, err
	}
	if caller.May(auth.ViewPastStreamMembers) {
		members, err := everMembersOf(tx, caller, room.Stream)
		return infos(tx, room.Stream, members, err)
	}
	members, err := streams.MembersOf(tx, room.Stream)
	return infos(tx, room.Stream, members, err)
}

var listMembersAsAdmin = op.Operation[Service]{
	ID:      "listRoomMembersAsAdmin",
	Route:   "GET /pod/v1/admin/room/{id}/membership/list",
	Tag:     "Room Membership",
	Summary: "List a room's members and, on request, its earlier members.",
	About: "Members are in the order in which they joined. A member who left and returned is " +
		"listed once. Of another company's room, members who left before the own company " +
		"had a member are not listed.",
	Needs:  auth.All(auth.ViewPastStreamMembers),
	Handle: op.Read((*Service).listMembersAsAdmin),
}

type listMembersAsAdminInput struct {
	ID   wire.StreamID `path:"id"`
	Past bool          `query:"includePastMembers" default:"false"`
}

func (s *Service) listMembersAsAdmin(tx *db.Tx, caller auth.Caller, in listMembersAsAdminInput) ([]MemberInfo, error) {
	room, err := streams.SeeRoom(tx, caller, in.ID)
	if err != nil {
		return nil, err
	}
	if in.Past {
		members, err := everMembersOf(tx, caller, room.Stream)
		return infos(tx, room.Stream, members, err)
	}
	members, err := streams.MembersOf(tx, room.Stream)
	return infos(tx, room.Stream, members, err)
}
