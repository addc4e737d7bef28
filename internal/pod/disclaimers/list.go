package disclaimers

import (
	"errors"

	"podium/internal/apierr"
	"podium/internal/auth"
	"podium/internal/db"
	"podium/internal/op"
	"podium/internal/wire"
)

var list = op.Operation[Service]{
	ID:      "listDisclaimers",
	Route:   "GET /pod/v1/admin/disclaimer/list",
	Tag:     "Disclaimer",
	Summary: "List the company's disclaimers, oldest first.",
	Needs:   auth.All(auth.AccessUserProvisioningAPI),
	Handle:  op.Read((*Service).list),
}

func (s *Service) list(tx *db.Tx, caller auth.Caller, _ struct{}) ([]Disclaimer, error) {
	return List(tx, caller.Company)
}

var get = op.Operation[Service]{
	ID:      "getDisclaimer",
	Route:   "GET /pod/v1/admin/disclaimer/{did}",
	Tag:     "Disclaimer",
	Summary: "Read a disclaimer.",
	Needs:   auth.All(auth.AccessUserProvisioningAPI),
	Handle:  op.Read((*Service).get),
}

type oneInput struct {
	ID string `path:"did" maxLength:"128"`
}

func (s *Service) get(tx *db.Tx, caller auth.Caller, in oneInput) (Disclaimer, error) {
	d, err := Find(tx, caller.Company, in.ID)
	return d, unknown(err)
}

// unknown turns db.ErrNoRow into the refusal of an unknown id. It returns other errors unchanged.
func unknown(err error) error {
	if errors.Is(err, db.ErrNoRow) {
		return apierr.NotFound("Disclaimer not found")
	}
	return err
}

var listUsers = op.Operation[Service]{
	ID:      "listDisclaimerUsers",
	Route:   "GET /pod/v1/admin/disclaimer/{did}/users",
	Tag:     "Disclaimer",
	Summary: "List the ids of the users with a disclaimer, in the order of assignment.",
	About:   "Users who see it because it is the default one are not listed.",
	Needs:   auth.All(auth.AccessUserProvisioningAPI),
	Handle:  op.Read((*Service).listUsers),
}

func (s *Service) listUsers(tx *db.Tx, caller auth.Caller, in oneInput) ([]wire.UserID, error) {
	if _, err := Find(tx, caller.Company, in.ID); err != nil {
		return nil, unknown(err)
	}
	return db.All(tx, db.ScanValue[wire.UserID], `
		SELECT user_id
		FROM user_disclaimers
		WHERE company = $1 AND disclaimer = $2
		ORDER BY place`, caller.Company, in.ID)
}
