package groups

import (
	"time"

	"podium/internal/db"
	"podium/internal/op"
	"podium/internal/pod/accounts"
	"podium/internal/wire"
)

// Owner is the type of a group's owner.
type Owner string

const tenant Owner = "TENANT"

// Enum returns the published values. Only TENANT is supported, as on the published servers.
func (Owner) Enum() []string { return []string{"PLATFORM", string(tenant), "USER"} }

// Date is a time in the form of this API: 2024-06-10T06:13:20.000Z.
type Date wire.Time

// MarshalJSON writes the date as text.
func (d Date) MarshalJSON() ([]byte, error) {
	return []byte(wire.Time(d).Std().Format(`"2006-01-02T15:04:05.000Z"`)), nil
}

// JSONAs returns a value of the type that its JSON has.
func (Date) JSONAs() any { return time.Time{} }

// GroupSummary is a group in a list. It lacks the tag of its version, so a client must read the
// group before changing it.
type GroupSummary struct {
	Type        string         `json:"type" doc:"Always SDL."`
	OwnerType   Owner          `json:"ownerType"`
	OwnerID     wire.CompanyID `json:"ownerId" doc:"The number of the company."`
	Name        string         `json:"name"`
	ID          string         `json:"id"`
	CreatedDate Date           `json:"createdDate"`
	CreatedBy   string         `json:"createdBy" doc:"The id of a user, as a text."`
	UpdatedDate Date           `json:"updatedDate"`
	UpdatedBy   string         `json:"updatedBy"`
	Status      Status         `json:"status"`
}

// ReadGroup is a group.
type ReadGroup struct {
	GroupSummary
	ETag                  string           `json:"eTag" doc:"Of this version; also in the header ETag."`
	Members               []ReadMember     `json:"members" doc:"In the order of addition."`
	Profile               Profile          `json:"profile"`
	VisibilityRestriction GroupRestriction `json:"visibilityRestriction"`
	ImplicitConnection    GroupConnection  `json:"implicitConnection"`
	InteractionTransfer   GroupRestriction `json:"interactionTransfer"`
}

// ReadMember is an account in a group.
type ReadMember struct {
	Tenant    wire.CompanyID `json:"memberTenant"`
	User      wire.UserID    `json:"memberId"`
	AddedDate Date           `json:"addedDate"`
}

func (g group) summary() GroupSummary {
	return GroupSummary{
		Type: sdl, OwnerType: tenant, OwnerID: g.company, Name: g.name, ID: g.publicID(), Status: g.status,
		CreatedDate: Date(g.created), CreatedBy: g.createdBy.String(), UpdatedDate: Date(g.updated), UpdatedBy: g.updatedBy.String(),
	}
}

// read returns the current group with its tag.
func (g group) read(tx *db.Tx) (v op.Versioned[ReadGroup], err error) {
	account, err := accounts.OwnOrList(tx, g.company, g.id)
	if err != nil {
		return v, err
	}
	list, err := membersOf(tx, []wire.UserID{g.id})
	l := g.limits.filled()
	v.Tag = g.tag
	v.Value = ReadGroup{
		GroupSummary: g.summary(), ETag: g.tag, Members: make([]ReadMember, len(list)), Profile: profileOf(account),
		VisibilityRestriction: l.Visibility, ImplicitConnection: l.Implicit, InteractionTransfer: l.Transfer,
	}
	for i, m := range list {
		v.Value.Members[i] = ReadMember{Tenant: m.user.Company(), User: m.user, AddedDate: Date(m.added)}
	}
	return v, err
}
