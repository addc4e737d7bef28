package communityconnect

import (
	"podium/internal/apierr"
	"podium/internal/auth"
	"podium/internal/db"
	"podium/internal/db/lock"
	"podium/internal/op"
	"podium/internal/pod/accounts"
	"podium/internal/wire"
	"podium/internal/wording"
)

var updateUser = op.Operation[Service]{
	ID:      "updateSponsoredUser",
	Route:   "PUT /connect-service/v1/channelco/company/{companyId}/user/{userId}",
	Tag:     tag,
	Summary: "Change attributes of a sponsored user.",
	About: "Only given members change; an empty text clears. The new address may have a domain that " +
		"no company has: it becomes one of the channel company's.",
	Needs:  changing,
	Also:   []int{404},
	Errors: connectErrors,
	Handle: op.Write((*Service).update),
}

type updateInput struct {
	CompanyID string      `path:"companyId" maxLength:"64"`
	UserID    wire.UserID `path:"userId"`
	Body      PersonChange
}

func (s *Service) update(tx *db.Tx, caller auth.Caller, in updateInput) (SponsoredUser, error) {
	if err := tx.Lock(lock.ChannelCompaniesOf(caller.Company)); err != nil {
		return SponsoredUser{}, err
	}
	u, c, err := named{in.CompanyID, in.UserID}.find(tx, caller)
	if err != nil {
		return SponsoredUser{}, err
	}
	if u, err = accounts.LockOwn(tx, caller.Company, u.ID); err != nil {
		return SponsoredUser{}, err
	}
	next := u.Attributes
	in.Body.apply(&next)
	if err := s.Accounts.Update(tx, caller, u, next); err != nil {
		return SponsoredUser{}, inOurWords(err)
	}
	if wording.Fold(next.Email) != wording.Fold(u.Email) {
		if err := s.moveTo(tx, caller, c, domainOf(next.Email)); err != nil {
			return SponsoredUser{}, err
		}
	}
	u.Attributes = next
	return sponsored(u), nil
}

// moveTo checks that users of a channel company may have addresses of a domain, and gives the
// company the domain if no other has it.
func (s *Service) moveTo(tx *db.Tx, caller auth.Caller, c channel, domain string) error {
	if _, ok := s.Companies.WithDomain(domain); ok {
		return apierr.Invalid("email: a company of this pod has the domain %s", domain)
	}
	known, err := withDomains(tx, caller.Company, []string{domain})
	if err != nil {
		return err
	}
	switch owner, ok := known[domain]; {
	case !ok:
		return s.addDomain(tx, caller, c, domain)
	case owner.id != c.id:
		return apierr.Invalid("email: the company %s has the domain %s", owner.name, domain)
	}
	return nil
}

var disableUser = op.Operation[Service]{
	ID:      "disableSponsoredUser",
	Route:   "DELETE /connect-service/v1/channelco/company/{companyId}/user/{userId}",
	Tag:     tag,
	Summary: "Disable a sponsored user.",
	About:   "The account remains, and can be enabled like any other. A disabled one is no error.",
	Needs:   provisioning,
	Success: 204,
	Also:    []int{404},
	Errors:  connectErrors,
	Handle:  op.Write((*Service).disable),
}

// Nothing is an answer without a body.
type Nothing struct{}

func (s *Service) disable(tx *db.Tx, caller auth.Caller, in named) (Nothing, error) {
	u, _, err := in.find(tx, caller)
	if err != nil {
		return Nothing{}, err
	}
	return Nothing{}, s.Accounts.SetStatus(tx, caller, u.ID, accounts.Disabled)
}

var addRole = op.Operation[Service]{
	ID:      "addSponsoredUserRole",
	Route:   "POST /connect-service/v1/channelco/company/{companyId}/user/{userId}/roles/add",
	Tag:     tag,
	Summary: "Give a sponsored user a role, or an optional action of one that the user holds.",
	About:   "The role applies in the company that sponsors the user. It takes effect at once.",
	Needs:   provisioning,
	Also:    []int{404},
	Errors:  connectErrors,
	Handle:  op.Write((*Service).giveRole),
}

type roleInput struct {
	CompanyID string      `path:"companyId" maxLength:"64"`
	UserID    wire.UserID `path:"userId"`
	Body      RoleID
}

// RoleID names a role, or an optional action of one: ROLE.ACTION.
type RoleID struct {
	ID *auth.Role `json:"id"`
}

func (in roleInput) Validate() error {
	if in.Body.ID == nil {
		return apierr.Invalid("id: it is required")
	}
	return nil
}

// Info is an answer that says what was done.
type Info struct {
	Code    string  `json:"code"`
	Message string  `json:"message"`
	Details Details `json:"details" doc:"Always empty."`
}

func (s *Service) giveRole(tx *db.Tx, caller auth.Caller, in roleInput) (Info, error) {
	u, _, err := named{in.CompanyID, in.UserID}.find(tx, caller)
	if err != nil {
		return Info{}, err
	}
	return Info{Code: "ROLE_ADDED", Message: "Role added"}, s.Accounts.AddRole(tx, caller, u, *in.Body.ID)
}
