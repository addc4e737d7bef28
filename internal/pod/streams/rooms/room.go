package rooms

import (
	"podium/internal/db"
	"podium/internal/pod/streams"
	"podium/internal/wire"
)

// RoomAttributes holds the attributes of a room in the published third version. In a request, an
// absent attribute has its default (of a new room) or stays unchanged.
type RoomAttributes struct {
	Name             *string           `json:"name,omitempty" maxLength:"49" refusal:"Room name must be shorter than 50 characters" doc:"Shorter than 50 characters; unique in the company."`
	Keywords         []streams.Keyword `json:"keywords" maxItems:"100" doc:"Labels to find the room by; replaced as a whole."`
	Description      *string           `json:"description,omitempty" maxLength:"1000" doc:"Room search finds its #tags and $tags."`
	MembersCanInvite *bool             `json:"membersCanInvite,omitempty" doc:"Whether every member may add others; true if public."`
	Discoverable     *bool             `json:"discoverable,omitempty" doc:"Whether others find it; true if public."`
	Public           *bool             `json:"public,omitempty" doc:"Whether all users of the company may join. Never changes."`
	ReadOnly         *bool             `json:"readOnly,omitempty" doc:"Whether only owners may send messages."`
	CopyProtected    *bool             `json:"copyProtected,omitempty" doc:"Asks clients to forbid copying. Cannot be turned off again."`
	CrossPod         *bool             `json:"crossPod,omitempty" doc:"Whether users of another company may be members. Never changes."`
	ViewHistory      *bool             `json:"viewHistory,omitempty" doc:"Whether new members see earlier messages; true if public."`
	MultiLateral     *bool             `json:"multiLateralRoom,omitempty" doc:"Whether users of more than two companies may be members. Never changes."`
	ScheduledMeeting *bool             `json:"scheduledMeeting,omitempty" doc:"Marks the room of a meeting. Never changes."`
	SubType          *string           `json:"subType,omitempty" maxLength:"128" doc:"No longer used."`
	Pinned           *string           `json:"pinnedMessageId,omitempty" maxLength:"128" doc:"A message of the room; empty: none."`
	GroupChat        *bool             `json:"groupChat,omitempty" doc:"Whether it began as a chat without a name."`
}

// RoomSystemInfo holds what the pod knows of a room.
type RoomSystemInfo struct {
	ID              wire.StreamID `json:"id"`
	CreationDate    wire.Time     `json:"creationDate"`
	CreatedByUserID wire.UserID   `json:"createdByUserId"`
	Active          bool          `json:"active"`
}

// RoomDetail is a room: the published V3RoomDetail.
type RoomDetail struct {
	Attributes RoomAttributes      `json:"roomAttributes"`
	SystemInfo RoomSystemInfo      `json:"roomSystemInfo"`
	Groups     []streams.GroupItem `json:"groups,omitempty" doc:"The distribution lists in the room."`
}

func systemInfo(s streams.Stream) RoomSystemInfo {
	return RoomSystemInfo{ID: s.ID, CreationDate: s.Created, CreatedByUserID: s.Creator, Active: s.Active}
}

func DetailOf(s streams.Stream) RoomDetail {
	a := RoomAttributes{
		Name: &s.Name, Keywords: keywords(s.Keywords), Description: &s.Description, MembersCanInvite: &s.MembersCanInvite,
		Discoverable: &s.Discoverable, Public: &s.Public, ReadOnly: &s.ReadOnly, CopyProtected: &s.CopyProtected,
		CrossPod: &s.CrossPod, ViewHistory: &s.ViewHistory, MultiLateral: &s.MultiLateral, GroupChat: &s.GroupChat,
	}
	if s.ScheduledMeeting {
		a.ScheduledMeeting = &s.ScheduledMeeting
	}
	if s.SubType != "" {
		a.SubType = &s.SubType
	}
	if s.Pinned != "" {
		pinned := string(s.Pinned)
		a.Pinned = &pinned
	}
	return RoomDetail{Attributes: a, SystemInfo: systemInfo(s)}
}

// withGroups returns a room as answers have it, with its lists.
func withGroups(tx *db.Tx, room streams.Stream) (RoomDetail, error) {
	list, err := AllWithGroups(tx, []streams.Stream{room})
	return list[0], err
}

func AllWithGroups(tx *db.Tx, rooms []streams.Stream) ([]RoomDetail, error) {
	found, err := streams.GroupsIn(tx, rooms...)
	list := make([]RoomDetail, len(rooms))
	for i, r := range rooms {
		list[i] = DetailOf(r)
		list[i].Groups = found[r.Number]
	}
	return list, err
}

// keywords returns a list that is never null, as answers have it.
func keywords(list []streams.Keyword) []streams.Keyword {
	if list == nil {
		return []streams.Keyword{}
	}
	return list
}

// RoomAttributesV2 holds the attributes of a room in the published second version.
type RoomAttributesV2 struct {
	Name             *string           `json:"name,omitempty" maxLength:"49" refusal:"Room name must be shorter than 50 characters"`
	Keywords         []streams.Keyword `json:"keywords" maxItems:"100"`
	Description      *string           `json:"description,omitempty" maxLength:"1000"`
	MembersCanInvite *bool             `json:"membersCanInvite,omitempty"`
	Discoverable     *bool             `json:"discoverable,omitempty"`
	Public           *bool             `json:"public,omitempty"`
	ReadOnly         *bool             `json:"readOnly,omitempty"`
	CopyProtected    *bool             `json:"copyProtected,omitempty"`
}

func (a RoomAttributesV2) attributes() RoomAttributes {
	return RoomAttributes{
		Name: a.Name, Keywords: a.Keywords, Description: a.Description, MembersCanInvite: a.MembersCanInvite,
		Discoverable: a.Discoverable, Public: a.Public, ReadOnly: a.ReadOnly, CopyProtected: a.CopyProtected,
	}
}

// RoomDetailV2 is a room: the published V2RoomDetail.
type RoomDetailV2 struct {
	Attributes RoomAttributesV2 `json:"roomAttributes"`
	SystemInfo RoomSystemInfo   `json:"roomSystemInfo"`
}

func DetailV2(s streams.Stream) RoomDetailV2 {
	return RoomDetailV2{
		Attributes: RoomAttributesV2{
			Name: &s.Name, Keywords: keywords(s.Keywords), Description: &s.Description, MembersCanInvite: &s.MembersCanInvite,
			Discoverable: &s.Discoverable, Public: &s.Public, ReadOnly: &s.ReadOnly, CopyProtected: &s.CopyProtected,
		},
		SystemInfo: systemInfo(s),
	}
}

// RoomAttributesV1 holds the attributes of a room that can change, in the published first version.
type RoomAttributesV1 struct {
	Name             *string `json:"name,omitempty" maxLength:"49" refusal:"Room name must be shorter than 50 characters"`
	Description      *string `json:"description,omitempty" maxLength:"1000"`
	MembersCanInvite *bool   `json:"membersCanInvite,omitempty"`
	Discoverable     *bool   `json:"discoverable,omitempty"`
}

func (a RoomAttributesV1) attributes() RoomAttributes {
	return RoomAttributes{
		Name: a.Name, Description: a.Description, MembersCanInvite: a.MembersCanInvite, Discoverable: a.Discoverable,
	}
}

// ImmutableAttributesV1 holds the attributes of a room that cannot change, in the published first
// version.
type ImmutableAttributesV1 struct {
	Public        *bool `json:"public,omitempty"`
	ReadOnly      *bool `json:"readOnly,omitempty"`
	CopyProtected *bool `json:"copyProtected,omitempty"`
}

// RoomDetailV1 is a room: the published RoomDetail.
type RoomDetailV1 struct {
	Attributes RoomAttributesV1      `json:"roomAttributes"`
	SystemInfo RoomSystemInfo        `json:"roomSystemInfo"`
	Immutable  ImmutableAttributesV1 `json:"immutableRoomAttributes"`
}

func detailV1(s streams.Stream) RoomDetailV1 {
	return RoomDetailV1{
		Attributes: RoomAttributesV1{
			Name: &s.Name, Description: &s.Description, MembersCanInvite: &s.MembersCanInvite, Discoverable: &s.Discoverable,
		},
		SystemInfo: systemInfo(s),
		Immutable:  ImmutableAttributesV1{Public: &s.Public, ReadOnly: &s.ReadOnly, CopyProtected: &s.CopyProtected},
	}
}
