package apps

import (
	"encoding/json"
	"strings"

	"podium/internal/apierr"
	"podium/internal/auth"
	"podium/internal/db"
	"podium/internal/op"
	"podium/internal/wire"
)

var patchUserEntitlements = op.Operation[Service]{
	ID:      "patchUserApplicationEntitlements",
	Route:   "PATCH /pod/v1/admin/user/{uid}/app/entitlement/list",
	Tag:     "AppEntitlement",
	Summary: "Change a user's entitlements to some applications.",
	About: "The answer is the whole list. A given product replaces the one of that name and " +
		"SKU, or is added.",
	Needs:  auth.All(auth.ModifyUserAppsEntitlements),
	Handle: op.Write((*Service).patchUserEntitlements),
}

type patchInput struct {
	UID  wire.UserID `path:"uid"`
	Body []Patch     `maxItems:"1000"`
}

// Patch changes a user's entitlement to an application: the published UserAppEntitlementPatch. The
// published samples also send booleans, and an array of products.
type Patch struct {
	AppID    string         `json:"appId" maxLength:"256"`
	Listed   Choice         `json:"listed" doc:"REMOVE: as for the company. KEEP or absent: no change."`
	Install  Choice         `json:"install" doc:"REMOVE: as for the company. KEEP or absent: no change."`
	Product  *GivenProduct  `json:"product"`
	Products []GivenProduct `json:"products" maxItems:"100"`
}

// Choice is the change of one of a user's own values.
type Choice string

// The published choices. An absent one is KEEP.
const (
	yes    Choice = "TRUE"
	no     Choice = "FALSE"
	keep   Choice = "KEEP"
	remove Choice = "REMOVE"
)

// Enum returns the published values.
func (Choice) Enum() []string { return []string{string(yes), string(no), string(keep), string(remove)} }

// UnmarshalJSON accepts a word in any case, or a boolean. It keeps any other value, so that
// Validate can refuse it with the name of the field.
func (c *Choice) UnmarshalJSON(data []byte) error {
	if string(data) == "null" {
		return nil
	}
	var word string
	if json.Unmarshal(data, &word) != nil {
		word = string(data)
	}
	*c = Choice(strings.ToUpper(word))
	if word == "" {
		*c = "\"\"" // given, and none of the words
	}
	return nil
}

func (c Choice) valid() bool {
	return c == "" || c == yes || c == no || c == keep || c == remove
}

// apply returns the new value.
func (c Choice) apply(value *bool) *bool {
	switch c {
	case yes, no:
		is := c == yes
		return &is
	case remove:
		return nil
	}
	return value
}

func (p Patch) products() []GivenProduct {
	if p.Product == nil {
		return p.Products
	}
	return append(p.Products[:len(p.Products):len(p.Products)], *p.Product)
}

func (in patchInput) Validate() error {
	ids := make([]string, len(in.Body))
	for i, p := range in.Body {
		ids[i] = p.AppID
		if !p.Listed.valid() {
			return apierr.Invalid("listed: one of %v is expected", p.Listed.Enum())
		}
		if !p.Install.valid() {
			return apierr.Invalid("install: one of %v is expected", p.Install.Enum())
		}
		if err := validateProducts(p.AppID, p.products()); err != nil {
			return err
		}
	}
	return onceEach(ids)
}

func (s *Service) patchUserEntitlements(tx *db.Tx, caller auth.Caller, in patchInput) ([]UserEntitlement, error) {
	user, before, err := holdUser(tx, caller, in.UID)
	if err != nil {
		return nil, err
	}
	changes := make(map[string]func(own) own)
	for _, p := range in.Body {
		added := kept(p.AppID, p.products())
		if len(with(before[p.AppID].products, added)) > maxProducts {
			return nil, apierr.Invalid("products: they are more than %d", maxProducts)
		}
		changes[p.AppID] = func(o own) own {
			return own{
				app: o.app, listed: p.Listed.apply(o.listed), install: p.Install.apply(o.install),
				products: with(o.products, added),
			}
		}
	}
	if err := s.change(tx, caller, user, changes); err != nil {
		return nil, err
	}
	return entitlementsOf(tx, user)
}
