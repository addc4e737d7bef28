package groups

import (
	"encoding/json"

	"podium/internal/apierr"
	"podium/internal/wire"
)

// GroupRestriction lists the companies and users that something is restricted to: the published
// visibility restriction and interaction transfer.
type GroupRestriction struct {
	Tenants []wire.CompanyID `json:"restrictedTenantsList" maxItems:"1000"`
	Users   []wire.UserID    `json:"restrictedUsersList" maxItems:"1000"`
}

// GroupConnection lists the companies and users that a group is connected with.
type GroupConnection struct {
	Tenants []wire.CompanyID `json:"connectedTenantsList" maxItems:"1000"`
	Users   []wire.UserID    `json:"connectedUsersList" maxItems:"1000"`
}

// limits is how far a group reaches. The published servers store and show these, and say of most
// that they have no effect yet. This pod does the same.
type limits struct {
	Visibility GroupRestriction `json:"visibility"`
	Implicit   GroupConnection  `json:"implicit"`
	Transfer   GroupRestriction `json:"transfer"`
}

// filled returns the limits with empty lists in place of missing ones, as answers have them.
func (l limits) filled() limits {
	for _, list := range []*[]wire.CompanyID{&l.Visibility.Tenants, &l.Implicit.Tenants, &l.Transfer.Tenants} {
		if *list == nil {
			*list = []wire.CompanyID{}
		}
	}
	for _, list := range []*[]wire.UserID{&l.Visibility.Users, &l.Implicit.Users, &l.Transfer.Users} {
		if *list == nil {
			*list = []wire.UserID{}
		}
	}
	return l
}

// text returns the limits as they are stored.
func (l limits) text() string {
	text, _ := json.Marshal(l.filled()) // numbers: it cannot fail
	return string(text)
}

// maxListed is the most companies or users in one list of the limits. The limit is our choice.
const maxListed = 1000

// check returns an error that names the first invalid list.
func (l limits) check() error {
	for _, list := range []struct {
		name    string
		tenants []wire.CompanyID
		users   []wire.UserID
	}{
		{"visibilityRestriction", l.Visibility.Tenants, l.Visibility.Users},
		{"implicitConnection", l.Implicit.Tenants, l.Implicit.Users},
		{"interactionTransfer", l.Transfer.Tenants, l.Transfer.Users},
	} {
		if len(list.tenants) > maxListed || len(list.users) > maxListed {
			return apierr.Invalid("%s: a list has more than %d elements", list.name, maxListed)
		}
		for _, c := range list.tenants {
			if c < 1 || c > wire.MaxCompany {
				return apierr.Invalid("%s: %s is no tenant's number", list.name, c)
			}
		}
		for _, u := range list.users {
			if !u.Plausible() {
				return apierr.Invalid("%s: %s is no user's id", list.name, u)
			}
		}
	}
	return nil
}
