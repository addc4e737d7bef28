package roomsearch

import (
	"podium/internal/apierr"
	"podium/internal/auth"
	"podium/internal/db"
	"podium/internal/op"
	"podium/internal/pod/streams/rooms"
	"podium/internal/wire"
)

var searchRooms = op.Operation[Service]{
	ID:      "searchRooms",
	Route:   "POST /pod/v3/room/search",
	Tag:     "Streams",
	Summary: "Search rooms by name, description, keywords, owner, creator and member.",
	About: "Finds the caller's own rooms, and active rooms of the company that are public or " +
		"discoverable. Every word of the query must be in the name. Or the query is in a " +
		"#tag or $tag of the description, or begins words of the value of a keyword whose " +
		"key is among the labels.",
	Needs:  auth.AnyUser,
	Opens:  []auth.Permission{auth.ManageRooms},
	Handle: op.Read((*Service).searchRooms),
}

var searchRoomsV2 = op.Operation[Service]{
	ID:         "searchRoomsV2",
	Route:      "POST /pod/v2/room/search",
	Tag:        "Streams",
	Summary:    "Search rooms, second form.",
	About:      "Works like searchRooms.",
	Deprecated: true,
	Needs:      auth.AnyUser,
	Opens:      []auth.Permission{auth.ManageRooms},
	Handle:     op.Read((*Service).searchRoomsV2),
}

// Criteria selects rooms: the published RoomSearchCriteria.
type Criteria struct {
	Query     string     `json:"query" maxLength:"256" refusal:"Invalid value for query: it has more than 256 characters" doc:"The text to find in names, tags and keywords, without regard to case."`
	Labels    []string   `json:"labels" maxItems:"100" maxLength:"256" doc:"Keys of the keywords whose values are searched."`
	Active    *bool      `json:"active,omitempty"`
	Private   *bool      `json:"private,omitempty"`
	Owner     *UserRef   `json:"owner,omitempty"`
	Creator   *UserRef   `json:"creator,omitempty"`
	Member    *UserRef   `json:"member,omitempty"`
	SortOrder *SortOrder `json:"sortOrder,omitempty" doc:"BASIC: newest first. RELEVANCE: the best match first, which is the room of that name, then names that begin so. If absent: RELEVANCE with a query, BASIC without."`
}

// CriteriaV2 is the published V2RoomSearchCriteria.
type CriteriaV2 struct {
	Criteria
	SearchFields []string `json:"searchFields,omitempty" maxItems:"100" maxLength:"64" doc:"Any of name, description, keywords_key, keywords_value. If empty: name and description."`
	SubType      *string  `json:"subType,omitempty" maxLength:"32" doc:"EMAIL, of which there are none."`
}

// UserRef names a user.
type UserRef struct {
	ID wire.UserID `json:"id"`
}

// SortOrder is the order of the rooms found.
type SortOrder string

// The published orders.
const (
	Basic     SortOrder = "BASIC"
	Relevance SortOrder = "RELEVANCE"
)

// Enum returns the published values.
func (SortOrder) Enum() []string { return []string{string(Basic), string(Relevance)} }

type searchInput struct {
	Skip            int  `query:"skip" default:"0" min:"0" max:"1000000000"`
	Limit           int  `query:"limit" default:"50" min:"1" max:"100"`
	NonDiscoverable bool `query:"includeNonDiscoverable" default:"false"`
	Body            CriteriaV2
}

type searchV2Input struct {
	Skip  int `query:"skip" default:"0" min:"0" max:"1000000000"`
	Limit int `query:"limit" default:"50" min:"1" max:"100"`
	Body  Criteria
}

func (in searchV2Input) Validate() error { return in.Body.validate() }

func (in searchInput) Validate() error {
	if t := in.Body.SubType; t != nil {
		if _, ok := wire.OneOf(*t, []string{"EMAIL"}); !ok {
			return apierr.Invalid("Invalid value for subType: EMAIL is expected")
		}
	}
	for i, field := range in.Body.SearchFields {
		name, ok := wire.OneOf(field, searchFields)
		if !ok {
			return apierr.Invalid("Invalid value for searchFields: some of %v are expected", searchFields)
		}
		in.Body.SearchFields[i] = name
	}
	return in.Body.validate()
}

// FacetedMatchCount counts the rooms found that have a keyword with a given key and a value that
// matches the query.
type FacetedMatchCount struct {
	Facet string `json:"facet"`
	Count int64  `json:"count"`
}

// FoundRooms is a page of rooms: the published V3RoomSearchResults.
type FoundRooms struct {
	Count  int64               `json:"count" doc:"The total."`
	Skip   int                 `json:"skip"`
	Limit  int                 `json:"limit"`
	Query  CriteriaV2          `json:"query"`
	Rooms  []rooms.RoomDetail  `json:"rooms"`
	Facets []FacetedMatchCount `json:"facetedMatchCount"`
}

func (s *Service) searchRooms(tx *db.Tx, caller auth.Caller, in searchInput) (FoundRooms, error) {
	out := FoundRooms{Skip: in.Skip, Limit: in.Limit, Query: in.Body, Rooms: []rooms.RoomDetail{}, Facets: []FacetedMatchCount{}}
	out.Query.Criteria = out.Query.echo()
	if in.Body.SubType != nil {
		return out, nil
	}
	found, err := s.searchFor(tx, caller, in.Body.Criteria, in.Body.SearchFields, in.NonDiscoverable, in.Skip, in.Limit)
	if err != nil {
		return out, err
	}
	out.Count, out.Facets = found.count, found.facets
	out.Rooms, err = rooms.AllWithGroups(tx, found.page)
	return out, err
}

// FoundRoomsV2 is a page of rooms: the published RoomSearchResults.
type FoundRoomsV2 struct {
	Count  int64                `json:"count"`
	Skip   int                  `json:"skip"`
	Limit  int                  `json:"limit"`
	Query  Criteria             `json:"query"`
	Rooms  []rooms.RoomDetailV2 `json:"rooms"`
	Facets []FacetedMatchCount  `json:"facetedMatchCount"`
}

func (s *Service) searchRoomsV2(tx *db.Tx, caller auth.Caller, in searchV2Input) (FoundRoomsV2, error) {
	out := FoundRoomsV2{Skip: in.Skip, Limit: in.Limit, Query: in.Body.echo(), Rooms: []rooms.RoomDetailV2{}}
	found, err := s.searchFor(tx, caller, in.Body, nil, false, in.Skip, in.Limit)
	for _, room := range found.page {
		out.Rooms = append(out.Rooms, rooms.DetailV2(room))
	}
	out.Count, out.Facets = found.count, found.facets
	return out, err
}

// echo returns the criteria as the answer repeats them.
func (c Criteria) echo() Criteria {
	if c.Labels == nil {
		c.Labels = []string{}
	}
	return c
}
