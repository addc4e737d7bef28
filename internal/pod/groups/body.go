package groups

import (
	"strings"
	"unicode/utf8"

	"podium/internal/apierr"
	"podium/internal/wire"
)

// CreateGroup is a group to create. Type, owner, name and profile are required.
type CreateGroup struct {
	Type                  string            `json:"type" maxLength:"64" doc:"SDL."`
	OwnerType             Owner             `json:"ownerType" doc:"TENANT."`
	OwnerID               wire.CompanyID    `json:"ownerId" doc:"The number of the caller's company."`
	Name                  string            `json:"name" maxLength:"256" doc:"At most 256 characters; unique in the company, whatever the case."`
	SubType               string            `json:"subType,omitempty" maxLength:"64" doc:"Concerns company groups, which do not exist here."`
	Referrer              string            `json:"referrer,omitempty" maxLength:"256" doc:"Concerns company groups, which do not exist here."`
	Members               *[]Member         `json:"members,omitempty" maxItems:"5000"`
	Profile               *BaseProfile      `json:"profile,omitempty"`
	VisibilityRestriction *GroupRestriction `json:"visibilityRestriction,omitempty"`
	ImplicitConnection    *GroupConnection  `json:"implicitConnection,omitempty"`
	InteractionTransfer   *GroupRestriction `json:"interactionTransfer,omitempty"`
}

// Member names an enabled user of the company.
type Member struct {
	Tenant wire.CompanyID `json:"memberTenant" doc:"The number of the user's company; optional."`
	User   wire.UserID    `json:"memberId"`
}

// maxMembers is the most members of a group. The limit is our choice.
const maxMembers = 5000

// check returns an error that names the first invalid member of the body, as far as that does not
// depend on the company.
func (b CreateGroup) check() error {
	switch {
	case b.Type == "":
		return apierr.Invalid("type: it is required")
	case b.Type != sdl:
		return apierr.Invalid("type: there is no type but %s", sdl)
	case b.OwnerType != tenant:
		return apierr.Invalid("ownerType: only %s is supported", tenant)
	case b.OwnerID == 0:
		return apierr.Invalid("ownerId: it is required")
	case strings.TrimSpace(b.Name) == "":
		return apierr.Invalid("name: it is required")
	case strings.TrimSpace(b.Name) != b.Name:
		return apierr.Invalid("name: it begins or ends with white space")
	case utf8.RuneCountInString(b.Name) > maxText:
		return apierr.Invalid("name: it has more than %d characters", maxText)
	case b.SubType != "":
		return apierr.Invalid("subType: groups of type %s have none", sdl)
	case b.Referrer != "":
		return apierr.Invalid("referrer: groups of type %s have none", sdl)
	}
	if b.Profile != nil {
		if err := b.Profile.check(); err != nil {
			return err
		}
	}
	if err := b.limits(limits{}).check(); err != nil {
		return err
	}
	return checkMembers(b.members())
}

// members returns the members in the body, or none if it has no list.
func (b CreateGroup) members() []Member {
	if b.Members == nil {
		return nil
	}
	return *b.Members
}

func checkMembers(list []Member) error {
	if len(list) > maxMembers {
		return apierr.Invalid("members: there are more than %d", maxMembers)
	}
	seen := make(map[wire.UserID]bool, len(list))
	for _, m := range list {
		if err := m.check(); err != nil {
			return err
		}
		if seen[m.User] {
			return apierr.Invalid("members: user %s is given twice", m.User)
		}
		seen[m.User] = true
	}
	return nil
}

func (m Member) check() error {
	switch {
	case m.User == 0:
		return apierr.Invalid("memberId: it is required")
	case m.Tenant != 0 && m.Tenant != m.User.Company():
		return apierr.Invalid("memberTenant: user %s is not of tenant %s", m.User, m.Tenant)
	}
	return nil
}

// limits returns the limits in the body; limits that are missing keep their value in were.
func (b CreateGroup) limits(were limits) limits {
	if b.VisibilityRestriction != nil {
		were.Visibility = *b.VisibilityRestriction
	}
	if b.ImplicitConnection != nil {
		were.Implicit = *b.ImplicitConnection
	}
	if b.InteractionTransfer != nil {
		were.Transfer = *b.InteractionTransfer
	}
	return were
}

// ownedBy returns an error if the group would belong to another company.
func (b CreateGroup) ownedBy(company wire.CompanyID) error {
	if b.OwnerID != company {
		return apierr.Invalid("ownerId: it is not %s, the number of the caller's company", company)
	}
	return nil
}
