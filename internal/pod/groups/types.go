package groups

import (
	"podium/internal/apierr"
	"podium/internal/auth"
	"podium/internal/db"
	"podium/internal/op"
)

var listTypes = op.Operation[Service]{
	ID:      "listTypes",
	Route:   "GET /profile-manager/v1/types",
	Tag:     "Groups",
	Summary: "List the types of groups.",
	About:   "The only type is SDL, which is active.",
	Needs:   manager,
	Also:    []int{429},
	Errors:  typeErrors,
	Handle:  op.Read((*Service).listTypes),
}

type listTypesInput struct {
	Host      string    `header:"X-Symphony-Host" required:"false" maxLength:"8192" doc:"Ignored."`
	Status    Filter    `query:"status" required:"false" doc:"Both, if absent."`
	Before    string    `query:"before" required:"false" maxLength:"256" doc:"Ignored, as published."`
	After     string    `query:"after" required:"false" maxLength:"256" doc:"There is one page; with this cursor the answer is empty."`
	Limit     int64     `query:"limit" default:"100" min:"1" max:"1000000"`
	SortOrder SortOrder `query:"sortOrder" default:"ASC"`
}

// TypeList is a page of types.
type TypeList struct {
	Pagination GroupPagination `json:"pagination"`
	Data       []BaseType      `json:"data"`
}

// BaseType is a type of groups as lists show it.
type BaseType struct {
	ID        string `json:"id"`
	OwnerType Owner  `json:"ownerType"`
	Name      string `json:"name"`
	Status    Status `json:"status"`
}

var distributionList = BaseType{ID: sdl, OwnerType: tenant, Name: "Symphony Distribution List", Status: Active}

func (s *Service) listTypes(_ *db.Tx, _ auth.Caller, in listTypesInput) (TypeList, error) {
	page := TypeList{Data: []BaseType{}}
	if in.Status != Filter(Deleted) && in.After == "" {
		page.Pagination.Cursors.Before = "MQ" // the published sample's: the first
		page.Data = append(page.Data, distributionList)
	}
	return page, nil
}

var getType = op.Operation[Service]{
	ID:      "getType",
	Route:   "GET /profile-manager/v1/types/{typeId}",
	Tag:     "Groups",
	Summary: "Read the capabilities of groups of a type.",
	Needs:   manager,
	Also:    []int{404, 429},
	Errors:  typeErrors,
	Handle:  op.Read((*Service).getType),
}

type typeInput struct {
	Host   string `header:"X-Symphony-Host" required:"false" maxLength:"8192" doc:"Ignored."`
	TypeID string `path:"typeId" maxLength:"64"`
}

// GroupType is a type of groups: the published Type.
type GroupType struct {
	BaseType
	ProfileControl     ProfileControl     `json:"profileControl"`
	MembershipControl  MembershipControl  `json:"membershipControl"`
	InteractionControl InteractionControl `json:"interactionControl"`
}

// ProfileControl describes what profiles of groups hold, and who sees them.
type ProfileControl struct {
	VisibilityRestriction VisibilityRestriction `json:"visibilityRestriction"`
	ImplicitConnection    ImplicitConnection    `json:"implicitConnection"`
	WallSupport           bool                  `json:"wallSupport"`
	ProfileFields         []string              `json:"profileFields"`
	SearchFields          []string              `json:"searchFields"`
	CanHavePublicProfile  bool                  `json:"canHavePublicProfile"`
}

// VisibilityRestriction describes how the visibility of groups can be restricted.
type VisibilityRestriction struct {
	Visible           bool `json:"visible"`
	RestrictToTenants bool `json:"restrictToTenants"`
	RestrictToUsers   bool `json:"restrictToUsers"`
}

// ImplicitConnection describes with whom groups are connected without a request.
type ImplicitConnection struct {
	All              bool `json:"all"`
	ConnectToTenants bool `json:"connectToTenants"`
	ConnectToUsers   bool `json:"connectToUsers"`
}

// MembershipControl describes how groups get their members.
type MembershipControl struct {
	Entitlements                 []string `json:"entitlements"`
	ManualMembership             bool     `json:"manualMembership"`
	RuleMembership               bool     `json:"ruleMembership"`
	UpdateMembershipOnRuleUpdate bool     `json:"updateMembershipOnRuleUpdate"`
	NotifyMembersOnUpdate        bool     `json:"notifyMembersOnUpdate"`
	CanBelongToMultipleGroup     bool     `json:"canBelongToMultipleGroup"`
}

// InteractionControl describes how groups take part in conversations.
type InteractionControl struct {
	AllowIMs            bool                `json:"allowIMs"`
	AllowRooms          bool                `json:"allowRooms"`
	InteractionTransfer InteractionTransfer `json:"interactionTransfer"`
	TagStream           string              `json:"tagStream"`
	CanHaveInteraction  bool                `json:"canHaveInteraction"`
}

// InteractionTransfer describes who takes part in conversations in place of a group.
type InteractionTransfer struct {
	Target                         TransferTarget `json:"target"`
	UpdateInteractionOngroupUpdate bool           `json:"updateInteractionOngroupUpdate"`
	SystemMessageOnInteraction     bool           `json:"systemMessageOnInteraction"`
	TransferView                   TransferView   `json:"transferView"`
	AuditTransfer                  bool           `json:"auditTransfer"`
}

// TransferTarget is the kind of account that conversations are transferred to.
type TransferTarget string

// Enum returns the published values.
func (TransferTarget) Enum() []string { return []string{"TO_USER", "TO_MEMBERS", "NONE"} }

// TransferView describes who sees that conversations are transferred.
type TransferView struct {
	Visible           bool `json:"visible"`
	RestrictToTenants bool `json:"restrictToTenants"`
	RestrictToUsers   bool `json:"restrictToUsers"`
}

// sdlType describes distribution lists. Flags without published values describe this pod.
var sdlType = GroupType{
	BaseType: distributionList,
	ProfileControl: ProfileControl{
		VisibilityRestriction: VisibilityRestriction{Visible: true},
		ProfileFields: []string{
			"displayName", "companyName", "email", "mobile", "jobTitle", "jobRole", "jobDepartment", "jobDivision", "jobPhone", "jobCity",
			"industryOfInterest", "assetClassesOfInterest", "marketCoverage", "responsibility", "function", "instrument",
		},
		SearchFields:         []string{"displayName", "companyName", "jobTitle", "jobCity", "marketCoverage", "responsibility", "function", "instrument"},
		CanHavePublicProfile: true,
	},
	MembershipControl: MembershipControl{Entitlements: []string{}, ManualMembership: true, CanBelongToMultipleGroup: true},
	InteractionControl: InteractionControl{
		AllowIMs: true, AllowRooms: true, CanHaveInteraction: true,
		InteractionTransfer: InteractionTransfer{Target: "TO_MEMBERS", UpdateInteractionOngroupUpdate: true, TransferView: TransferView{Visible: true}},
	},
}

func (s *Service) getType(_ *db.Tx, _ auth.Caller, in typeInput) (GroupType, error) {
	if in.TypeID != sdl {
		return GroupType{}, apierr.NotFound("Type not found")
	}
	return sdlType, nil
}
