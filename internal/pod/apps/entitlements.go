package apps

import (
	"podium/internal/apierr"
	"podium/internal/auth"
	"podium/internal/db"
	"podium/internal/db/lock"
	"podium/internal/op"
	"podium/internal/pod/accounts"
	"podium/internal/wire"
)

var listUserEntitlements = op.Operation[Service]{
	ID:      "listUserApplicationEntitlements",
	Route:   "GET /pod/v1/admin/user/{uid}/app/entitlement/list",
	Tag:     "AppEntitlement",
	Summary: "List a user's entitlements to all enabled applications.",
	About: "Merges the entitlements of the user with those of the company; the answer does " +
		"not show which is which.",
	Needs:  auth.All(auth.ViewUserAppsEntitlements),
	Handle: op.Read((*Service).listUserEntitlements),
}

var replaceUserEntitlements = op.Operation[Service]{
	ID:      "updateUserApplicationEntitlements",
	Route:   "POST /pod/v1/admin/user/{uid}/app/entitlement/list",
	Tag:     "AppEntitlement",
	Summary: "Replace a user's entitlements to all applications.",
	About: "Replaces all entitlements of the user alone. For an omitted application the " +
		"company's entitlement applies again. To change one application, use PATCH.",
	Needs:  auth.All(auth.ModifyUserAppsEntitlements),
	Handle: op.Write((*Service).replaceUserEntitlements),
}

// UserEntitlement is a user's entitlement to an application: the published UserAppEntitlement.
type UserEntitlement struct {
	AppID    string    `json:"appId"`
	AppName  string    `json:"appName"`
	Listed   bool      `json:"listed" doc:"Whether the user sees it in the store."`
	Install  bool      `json:"install" doc:"Whether it is installed for the user."`
	Products []Product `json:"products,omitempty"`
}

type ofUser struct {
	UID wire.UserID `path:"uid"`
}

func (s *Service) listUserEntitlements(tx *db.Tx, caller auth.Caller, in ofUser) ([]UserEntitlement, error) {
	user, err := accounts.Own(tx, caller.Company, in.UID)
	if err != nil {
		return nil, accounts.Unknown(err, in.UID)
	}
	return entitlementsOf(tx, user)
}

func entitlementsOf(tx *db.Tx, user accounts.User) ([]UserEntitlement, error) {
	apps, err := all(tx, user.Company)
	if err != nil {
		return nil, err
	}
	owned, err := ownOf(tx, user)
	list := []UserEntitlement{}
	for _, a := range apps {
		if !a.Enabled {
			continue
		}
		o := owned[a.ID]
		list = append(list, UserEntitlement{
			AppID: a.ID, AppName: a.Name, Listed: valueOr(o.listed, a.Listed), Install: valueOr(o.install, a.Install),
			Products: o.products,
		})
	}
	return list, err
}

type replaceInput struct {
	UID  wire.UserID            `path:"uid"`
	Body []GivenUserEntitlement `maxItems:"1000"`
}

// GivenUserEntitlement is a UserEntitlement in a request.
type GivenUserEntitlement struct {
	AppID    string         `json:"appId" maxLength:"256"`
	AppName  string         `json:"appName" maxLength:"256" doc:"Ignored."`
	Listed   *bool          `json:"listed"`
	Install  *bool          `json:"install"`
	Products []GivenProduct `json:"products" maxItems:"100"`
}

func (in replaceInput) Validate() error {
	ids := make([]string, len(in.Body))
	for i, e := range in.Body {
		ids[i] = e.AppID
		if e.Listed == nil {
			return apierr.Invalid("listed: it is required, of application %q", e.AppID)
		}
		if e.Install == nil {
			return apierr.Invalid("install: it is required, of application %q", e.AppID)
		}
		if err := validateProducts(e.AppID, e.Products); err != nil {
			return err
		}
	}
	return onceEach(ids)
}

func (s *Service) replaceUserEntitlements(tx *db.Tx, caller auth.Caller, in replaceInput) ([]UserEntitlement, error) {
	user, before, err := holdUser(tx, caller, in.UID)
	if err != nil {
		return nil, err
	}
	changes := make(map[string]func(own) own)
	for id := range before {
		changes[id] = func(own) own { return own{app: id} }
	}
	for _, e := range in.Body {
		changes[e.AppID] = func(own) own {
			return own{app: e.AppID, listed: e.Listed, install: e.Install, products: kept(e.AppID, e.Products)}
		}
	}
	if err := s.change(tx, caller, user, changes); err != nil {
		return nil, err
	}
	return entitlementsOf(tx, user)
}

// holdUser locks the own entitlements of a user of the caller's company until commit, and returns
// the user with them.
func holdUser(tx *db.Tx, caller auth.Caller, id wire.UserID) (accounts.User, map[string]own, error) {
	user, err := accounts.Own(tx, caller.Company, id)
	if err != nil {
		return user, nil, accounts.Unknown(err, id)
	}
	if err := tx.Lock(lock.EntitlementsOf(id)); err != nil {
		return user, nil, err
	}
	owned, err := ownOf(tx, user)
	return user, owned, err
}
