package listings

import (
	"podium/internal/apierr"
	"podium/internal/auth"
	"podium/internal/db"
	"podium/internal/op"
	"podium/internal/pod/accounts"
	"podium/internal/pod/streams"
	"podium/internal/wire"
)

var listStreams = op.Operation[Service]{
	ID:      "listStreams",
	Route:   "POST /pod/v1/streams/list",
	Tag:     "Streams",
	Summary: "List the caller's streams, oldest first.",
	About:   "Lists active streams or all, of some types or of all. An empty list is 204.",
	Needs:   auth.AnyUser,
	Opens:   []auth.Permission{auth.ListUserStreams},
	Also:    []int{204},
	Handle:  op.Read((*Service).listStreams),
}

var listStreamsOfUser = op.Operation[Service]{
	ID:      "listStreamsOfUser",
	Route:   "POST /pod/v1/admin/user/{uid}/streams/list",
	Tag:     "Streams",
	Summary: "List the streams of a user of the company, oldest first.",
	About:   "Works like listStreams.",
	Needs:   auth.All(auth.AccessUserProvisioningAPI),
	Also:    []int{204},
	Handle:  op.Read((*Service).listStreamsOfUser),
}

// Filter selects streams.
type Filter struct {
	Types    []TypeObject `json:"streamTypes" maxItems:"100" doc:"If empty, all."`
	Inactive Flag         `json:"includeInactiveStreams"`
}

type listInput struct {
	Skip  int `query:"skip" default:"0" min:"0" max:"1000000000"`
	Limit int `query:"limit" default:"50" min:"1" max:"1000"`
	Body  *Filter
}

type listOfUserInput struct {
	UID   wire.UserID `path:"uid"`
	Skip  int         `query:"skip" default:"0" min:"0" max:"1000000000"`
	Limit int         `query:"limit" default:"50" min:"1" max:"1000"`
	Body  *Filter
}

func (in listInput) Validate() error       { return in.Body.validate() }
func (in listOfUserInput) Validate() error { return in.Body.validate() }

func (f *Filter) validate() error {
	_, err := f.types()
	return err
}

// types returns the types that a filter selects.
func (f *Filter) types() ([]string, error) {
	if f == nil || len(f.Types) == 0 {
		return streams.Type("").Enum(), nil
	}
	return typesAmong(f.Types, streams.Type("").Enum())
}

func (s *Service) listStreams(tx *db.Tx, caller auth.Caller, in listInput) (op.Optional[[]Listed], error) {
	return list(tx, caller.User, in.Body, in.Skip, in.Limit)
}

func (s *Service) listStreamsOfUser(tx *db.Tx, caller auth.Caller, in listOfUserInput) (op.Optional[[]Listed], error) {
	if _, err := accounts.Own(tx, caller.Company, in.UID); err != nil {
		return op.Optional[[]Listed]{}, accounts.Unknown(err, in.UID)
	}
	return list(tx, in.UID, in.Body, in.Skip, in.Limit)
}

// list returns a page of a user's streams.
func list(tx *db.Tx, user wire.UserID, f *Filter, skip, limit int) (op.Optional[[]Listed], error) {
	types, err := f.types()
	if err != nil {
		return op.Optional[[]Listed]{}, err
	}
	page, err := db.All(tx, streams.ScanStreams(), `
		SELECT `+streams.Columns+`
		FROM stream_members m JOIN streams s ON s.number = m.stream
		WHERE m.user_id = $1 AND s.type IN ($2) AND (s.active OR $3)
		ORDER BY m.stream
		LIMIT $4 OFFSET $5`, user, types, f != nil && bool(f.Inactive), limit, skip)
	if err != nil || len(page) == 0 {
		return op.Optional[[]Listed]{}, err
	}
	list, err := listed(tx, page)
	return op.Optional[[]Listed]{Value: &list}, err
}

// Listed is a stream in a list: the published StreamAttributes. Rooms have a name; all others list
// their members.
type Listed struct {
	ID         wire.StreamID   `json:"id"`
	CrossPod   bool            `json:"crossPod"`
	Active     bool            `json:"active"`
	Type       TypeObject      `json:"streamType"`
	Attributes *FixedMembers   `json:"streamAttributes,omitempty"`
	Room       *RoomInListings `json:"roomAttributes,omitempty"`
}

// FixedMembers lists the members of an IM, a MIM or a wall.
type FixedMembers struct {
	Members []wire.UserID `json:"members"`
}

// RoomInListings holds what lists show of a room.
type RoomInListings struct {
	Name string `json:"name"`
}

// listed returns streams as lists show them.
func listed(tx *db.Tx, page []streams.Stream) ([]Listed, error) {
	members, err := fixedMembers(tx, page)
	list := make([]Listed, len(page))
	for i, s := range page {
		list[i] = Listed{ID: s.ID, CrossPod: s.CrossPod, Active: s.Active, Type: TypeObject{s.Type}}
		if s.Type == streams.Room {
			list[i].Room = &RoomInListings{Name: s.Name}
		} else {
			list[i].Attributes = &FixedMembers{Members: members[s.Number]}
		}
	}
	return list, err
}

// fixedMembers returns the members of those of the streams that are not rooms.
func fixedMembers(tx *db.Tx, page []streams.Stream) (map[int64][]wire.UserID, error) {
	var numbers []int64
	for _, s := range page {
		if s.Type != streams.Room {
			numbers = append(numbers, s.Number)
		}
	}
	members := make(map[int64][]wire.UserID, len(numbers))
	if len(numbers) == 0 {
		return members, nil
	}
	type row struct {
		stream int64
		user   wire.UserID
	}
	rows, err := db.All(tx, func(r db.Row) (m row, err error) { return m, r.Scan(&m.stream, &m.user) }, `
		SELECT stream, user_id
		FROM stream_members
		WHERE stream IN ($1)
		ORDER BY stream, user_id`, numbers)
	for _, m := range rows {
		members[m.stream] = append(members[m.stream], m.user)
	}
	return members, err
}

// typesAmong returns the types that a filter names, of the permitted ones.
func typesAmong(given []TypeObject, known []string) ([]string, error) {
	var types []string
	for _, t := range given {
		name, ok := wire.OneOf(string(t.Type), known)
		if !ok {
			return nil, apierr.Invalid("Invalid value for streamTypes: one of %v is expected", known)
		}
		types = append(types, name)
	}
	return types, nil
}
