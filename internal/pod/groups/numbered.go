package groups

import (
	"errors"

	"podium/internal/apierr"
	"podium/internal/auth"
	"podium/internal/db"
	"podium/internal/op"
	"podium/internal/picture"
	"podium/internal/pod/accounts"
	"podium/internal/pod/profiles"
	"podium/internal/wire"
)

// The same groups in the Users API: by the numbers of their accounts, for all users of the company.

var listDistributionLists = op.Operation[Service]{
	ID:      "listSDLGroups",
	Route:   "GET /v1/groups/sdl/list",
	Tag:     "Groups",
	Summary: "Page through the distribution lists by the numbers of their accounts.",
	About: "Includes deleted lists. The next page begins behind the last groupId; an empty " +
		"page is the end.",
	Needs:  auth.AnyUser,
	Handle: op.Read((*Service).listNumbered),
}

type listNumberedInput struct {
	LastGroupID *int64 `query:"lastGroupId" min:"1" max:"9007199254740991" doc:"The page begins behind this id."`
	Limit       int64  `query:"limit" default:"50" min:"1" max:"100"`
}

// GroupResponse is a distribution list.
type GroupResponse struct {
	GroupID           wire.UserID      `json:"groupId" doc:"The id of its account."`
	Name              string           `json:"name"`
	Username          string           `json:"username"`
	Type              string           `json:"type" doc:"SDL."`
	Active            bool             `json:"active"`
	DisplayName       string           `json:"displayName"`
	CompanyName       string           `json:"companyName"`
	Email             string           `json:"email,omitempty"`
	Members           []GroupMember    `json:"members"`
	RestrictedTenants []wire.CompanyID `json:"restrictedTenants"`
	Avatars           Images           `json:"avatars"`
	ETag              string           `json:"eTag"`
	CreatedDate       wire.Time        `json:"createdDate"`
	CreatedBy         string           `json:"createdBy"`
	UpdatedDate       wire.Time        `json:"updatedDate"`
	UpdatedBy         string           `json:"updatedBy"`
	MarketCoverage    []string         `json:"marketCoverage"`
	Instrument        []string         `json:"instrument"`
	Responsibility    []string         `json:"responsibility"`
	Function          []string         `json:"function"`
}

// GroupMember is an account in a distribution list.
type GroupMember struct {
	UserID    wire.UserID    `json:"userId"`
	TenantID  wire.CompanyID `json:"tenantId"`
	AddedDate wire.Time      `json:"addedDate"`
}

// Images holds the addresses of a list's pictures by size.
type Images struct {
	Size50   string `json:"50,omitempty"`
	Size150  string `json:"150,omitempty"`
	Size500  string `json:"500,omitempty"`
	Size600  string `json:"600,omitempty"`
	Original string `json:"orig,omitempty"`
}

func (s *Service) listNumbered(tx *db.Tx, caller auth.Caller, in listNumberedInput) ([]GroupResponse, error) {
	last := int64(0)
	if in.LastGroupID != nil {
		last = *in.LastGroupID
	}
	found, err := db.All(tx, scanGroup, selectGroups+`
		WHERE company = $1 AND id > $2
		ORDER BY id
		LIMIT $3`, caller.Company, last, in.Limit)
	if err != nil {
		return nil, err
	}
	return numbered(tx, caller.Company, found)
}

var getDistributionList = op.Operation[Service]{
	ID:      "getSDLGroupById",
	Route:   "GET /v1/groups/sdl/{groupId}",
	Tag:     "Groups",
	Summary: "Read a distribution list by the number of its account.",
	Needs:   auth.AnyUser,
	Handle:  op.Read((*Service).getNumbered),
}

type numberedInput struct {
	GroupID int64 `path:"groupId" min:"1" max:"9007199254740991"`
}

func (s *Service) getNumbered(tx *db.Tx, caller auth.Caller, in numberedInput) (GroupResponse, error) {
	g, err := db.One(tx, scanGroup, selectGroups+` WHERE id = $1 AND company = $2`, in.GroupID, caller.Company)
	if errors.Is(err, db.ErrNoRow) {
		return GroupResponse{}, apierr.Invalid("Group not found")
	}
	if err != nil {
		return GroupResponse{}, err
	}
	list, err := numbered(tx, caller.Company, []group{g})
	if err != nil {
		return GroupResponse{}, err
	}
	return list[0], nil
}

// numbered returns groups in the form of the Users API.
func numbered(tx *db.Tx, company wire.CompanyID, list []group) ([]GroupResponse, error) {
	answer := make([]GroupResponse, len(list))
	if len(list) == 0 {
		return answer, nil
	}
	ids := make([]wire.UserID, len(list))
	for i, g := range list {
		ids[i] = g.id
	}
	found, err := accounts.ByIDs(tx, company, ids)
	if err != nil {
		return nil, err
	}
	members, err := membersOf(tx, ids)
	if err != nil {
		return nil, err
	}
	on := make(map[wire.UserID][]GroupMember, len(list))
	for _, m := range members {
		on[m.group] = append(on[m.group], GroupMember{UserID: m.user, TenantID: m.user.Company(), AddedDate: m.added})
	}
	for i, g := range list {
		answer[i] = response(g, found[g.id], on[g.id])
	}
	return answer, nil
}

func response(g group, u accounts.User, members []GroupMember) GroupResponse {
	if members == nil {
		members = []GroupMember{}
	}
	return GroupResponse{
		GroupID: g.id, Name: g.name, Username: u.Username, Type: sdl, Active: g.status == Active, DisplayName: u.DisplayName,
		CompanyName: u.CompanyName, Email: u.Email, Members: members, RestrictedTenants: g.limits.filled().Visibility.Tenants,
		Avatars: images(u), ETag: g.tag, CreatedDate: g.created, CreatedBy: g.createdBy.String(), UpdatedDate: g.updated,
		UpdatedBy: g.updatedBy.String(), MarketCoverage: listed(u.MarketCoverage), Instrument: listed(u.Instrument),
		Responsibility: listed(u.Responsibility), Function: listed(u.Function),
	}
}

// images returns the addresses of an account's pictures under the names of this API.
func images(u accounts.User) Images {
	urls := profiles.PictureURLs(u)
	all := Images{Size50: urls["50"], Size150: urls["150"], Size500: urls["500"], Size600: urls["600"], Original: urls[picture.Original]}
	if all.Original == "" {
		all.Original = all.Size150
	}
	return all
}

func listed(values []string) []string {
	if values == nil {
		return []string{}
	}
	return values
}
