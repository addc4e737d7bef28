package communityconnect

import (
	"errors"

	"podium/internal/auth"
	"podium/internal/db"
	"podium/internal/op"
	"podium/internal/pod/accounts"
	"podium/internal/wire"
	"podium/internal/wording"
)

var searchUser = op.Operation[Service]{
	ID:      "searchSponsoredUser",
	Route:   "GET /connect-service/v1/channelco/user",
	Tag:     tag,
	Summary: "Read the sponsored user with an e-mail address.",
	About:   "A disabled user is found, too, unless an enabled one has the address.",
	Needs:   reading,
	Also:    []int{404},
	Errors:  connectErrors,
	Handle:  op.Read((*Service).search),
}

type searchInput struct {
	Email string `query:"email" minLength:"1" maxLength:"254"`
}

func (s *Service) search(tx *db.Tx, caller auth.Caller, in searchInput) (SponsoredUserAndCompany, error) {
	found, err := accounts.WithEmails(tx, []wire.CompanyID{caller.Company}, []string{wording.Fold(in.Email)})
	if err != nil {
		return SponsoredUserAndCompany{}, err
	}
	var best accounts.User
	var company channel
	for _, u := range found {
		c, err := of(tx, u.ID)
		if errors.Is(err, db.ErrNoRow) {
			continue
		}
		if err != nil {
			return SponsoredUserAndCompany{}, err
		}
		if best.ID == 0 || u.Status == accounts.Enabled || best.Status != accounts.Enabled && u.ID > best.ID {
			best, company = u, c
		}
	}
	if best.ID == 0 {
		return SponsoredUserAndCompany{}, errUnknown
	}
	return withCompany(best, company), nil
}

var getUser = op.Operation[Service]{
	ID:      "getSponsoredUser",
	Route:   "GET /connect-service/v1/channelco/company/{companyId}/user/{userId}",
	Tag:     tag,
	Summary: "Read a sponsored user.",
	About:   "A disabled user is shown, too.",
	Needs:   reading,
	Also:    []int{404},
	Errors:  connectErrors,
	Handle:  op.Read((*Service).get),
}

// named names a sponsored user by the channel company and the account.
type named struct {
	CompanyID string      `path:"companyId" maxLength:"64" doc:"The number of the channel company."`
	UserID    wire.UserID `path:"userId"`
}

func (s *Service) get(tx *db.Tx, caller auth.Caller, in named) (SponsoredUserAndCompany, error) {
	u, c, err := in.find(tx, caller)
	return withCompany(u, c), err
}

// find returns the account that a request names, and its channel company. It fails with NotFound.
func (n named) find(tx *db.Tx, caller auth.Caller) (accounts.User, channel, error) {
	u, err := accounts.Own(tx, caller.Company, n.UserID)
	if err != nil {
		return u, channel{}, orUnknown(err)
	}
	c, err := of(tx, u.ID)
	if err == nil && c.publicID() != n.CompanyID {
		err = errUnknown
	}
	return u, c, orUnknown(err)
}

// orUnknown returns errUnknown in place of db.ErrNoRow.
func orUnknown(err error) error {
	if errors.Is(err, db.ErrNoRow) {
		return errUnknown
	}
	return err
}
