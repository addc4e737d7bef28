package certs

import (
	"slices"

	"podium/internal/apierr"
	"podium/internal/auth"
	"podium/internal/db"
	"podium/internal/op"
)

var listCertificates = op.Operation[Service]{
	ID:      "listCompanyCerts",
	Route:   "GET /pod/v1/companycert/list",
	Tag:     "Security",
	Summary: "List every certificate registered for the company, oldest first.",
	Needs:   auth.All(auth.AccessCertProvisioningAPI),
	Handle:  op.Read((*Service).list),
}

type listInput struct {
	Skip  int `query:"skip" default:"0" min:"0" max:"1000000000"`
	Limit int `query:"limit" default:"1000" min:"1" max:"1000"`
}

func (s *Service) list(tx *db.Tx, caller auth.Caller, in listInput) ([]Listed, error) {
	list, err := db.All(tx, scanCertificate, selectCertificates+`
		WHERE company = $1
		ORDER BY place
		LIMIT $2 OFFSET $3`, caller.Company, in.Limit, in.Skip)
	return listed(list), err
}

var listPodManaged = op.Operation[Service]{
	ID:      "listPodManagedCerts",
	Route:   "GET /pod/v1/companycert/podmanaged/list",
	Tag:     "Security",
	Summary: "List the certificates that the pod itself manages.",
	About: "The list is always empty, because an administrator registered every certificate " +
		"of this pod.",
	Needs:  auth.All(auth.AccessCertProvisioningAPI),
	Handle: op.Read((*Service).listManaged),
}

func (s *Service) listManaged(*db.Tx, auth.Caller, listInput) ([]Listed, error) {
	return []Listed{}, nil
}

var listByType = op.Operation[Service]{
	ID:      "listCompanyCertsByType",
	Route:   "POST /pod/v1/companycert/type/list",
	Tag:     "Security",
	Summary: "List the certificates of the given types, oldest first.",
	Needs:   auth.All(auth.AccessCertProvisioningAPI),
	Handle:  op.Read((*Service).byType),
}

type byTypeInput struct {
	Skip  int          `query:"skip" default:"0" min:"0" max:"1000000000"`
	Limit int          `query:"limit" default:"1000" min:"1" max:"1000"`
	Body  []TypeObject `maxItems:"100"`
}

func (in byTypeInput) Validate() error {
	if len(in.Body) == 0 {
		return apierr.Invalid("The body lists at least one type")
	}
	for _, t := range in.Body {
		if !slices.Contains(t.Type.Enum(), string(t.Type)) {
			return apierr.Invalid("type: one of %v is expected", t.Type.Enum())
		}
	}
	return nil
}

func (s *Service) byType(tx *db.Tx, caller auth.Caller, in byTypeInput) ([]Listed, error) {
	types := make([]string, len(in.Body))
	for i, t := range in.Body {
		types[i] = string(t.Type)
	}
	list, err := db.All(tx, scanCertificate, selectCertificates+`
		WHERE company = $1 AND type IN ($2)
		ORDER BY place
		LIMIT $3 OFFSET $4`, caller.Company, types, in.Limit, in.Skip)
	return listed(list), err
}

var getCertificate = op.Operation[Service]{
	ID:      "getCompanyCert",
	Route:   "GET /pod/v1/companycert/{fingerPrint}/get",
	Tag:     "Security",
	Summary: "Read one company certificate with its content.",
	Needs:   auth.All(auth.AccessCertProvisioningAPI),
	Handle:  op.Read((*Service).get),
}

type oneInput struct {
	FingerPrint string `path:"fingerPrint" maxLength:"256"`
}

func (s *Service) get(tx *db.Tx, caller auth.Caller, in oneInput) (Detail, error) {
	c, err := find(tx, caller, in.FingerPrint)
	if err != nil {
		return Detail{}, err
	}
	parsed, err := parse(c.PEM)
	if err != nil {
		return Detail{}, err
	}
	return c.detail(parsed), nil
}

var listIssuedBy = op.Operation[Service]{
	ID:      "listCertsIssuedBy",
	Route:   "GET /pod/v1/companycert/{fingerPrint}/issuedBy",
	Tag:     "Security",
	Summary: "List the certificates whose chain leads up to the given one.",
	Needs:   auth.All(auth.AccessCertProvisioningAPI),
	Handle:  op.Read((*Service).issuedBy),
}

func (s *Service) issuedBy(tx *db.Tx, caller auth.Caller, in oneInput) ([]Listed, error) {
	if _, err := find(tx, caller, in.FingerPrint); err != nil {
		return nil, err
	}
	found := []Certificate{}
	seen := map[string]bool{in.FingerPrint: true}
	for above := []string{in.FingerPrint}; len(above) > 0; {
		issued, err := db.All(tx, scanCertificate, selectCertificates+` WHERE company = $1 AND issued_by IN ($2) ORDER BY place`, caller.Company, above)
		if err != nil {
			return nil, err
		}
		above = nil
		for _, c := range issued {
			if !seen[c.Fingerprint] {
				seen[c.Fingerprint] = true
				above = append(above, c.Fingerprint)
				found = append(found, c)
			}
		}
	}
	slices.SortFunc(found, func(a, b Certificate) int { return int(a.Place - b.Place) })
	return listed(found), nil
}
