package admin

import (
	"podium/internal/apierr"
	"podium/internal/auth"
	"podium/internal/db"
	"podium/internal/op"
	"podium/internal/pod/accounts"
)

var createUser = op.Operation[Service]{
	ID:      "createUser",
	Route:   "POST /pod/v2/admin/user/create",
	Tag:     "User",
	Summary: "Create an account, of a person or of a service.",
	About: "The account holds INDIVIDUAL beside the given roles. The caller also needs " +
		"CREATE_END_USER_ACCOUNT or CREATE_SERVICE_ACCOUNT.",
	Needs:  administration,
	Handle: op.Write((*Service).createV2),
}

type createInput struct{ Body CreateV2 }

// CreateV2 is an account to create.
type CreateV2 struct {
	UserAttributes *AttributesV2      `json:"userAttributes" doc:"At least the addresses and names that its type requires."`
	Password       *accounts.Password `json:"password" doc:"For a person only."`
	Roles          []auth.Role        `json:"roles" maxItems:"100"`
}

func (in createInput) Validate() error {
	if in.Body.UserAttributes == nil {
		return apierr.Invalid("userAttributes: it is required")
	}
	in.Body.Password.Seal() // not in the transaction: it takes long
	return nil
}

func (s *Service) createV2(tx *db.Tx, caller auth.Caller, in createInput) (DetailV2, error) {
	w := in.Body.UserAttributes
	n := accounts.New{Password: in.Body.Password, Roles: in.Body.Roles}
	n.AccountType = auth.Normal
	if w.AccountType != nil {
		n.AccountType = *w.AccountType
	}
	w.apply(&n.Attributes)
	if err := n.Validate(); err != nil {
		return DetailV2{}, err
	}
	if err := may(caller, n.AccountType, auth.CreateEndUserAccount, auth.CreateServiceAccount); err != nil {
		return DetailV2{}, err
	}
	var err error
	if n.Key, err = w.firstKey(); err != nil {
		return DetailV2{}, err
	}
	r, err := s.Accounts.Check(caller.Company, n)
	if err != nil {
		return DetailV2{}, err
	}
	u, err := s.Accounts.CreateChecked(tx, caller, r)
	return newDetail(r, u), err
}

// newDetail returns a new account as its administrators see it.
func newDetail(r accounts.Checked, u accounts.User) DetailV2 {
	d := DetailV2{UserSystemInfo: systemInfo(&u), Roles: r.Roles}
	d.UserAttributes.fill(&u.Attributes)
	if r.Key != "" {
		d.UserAttributes.CurrentKey = &KeyShape{Key: &r.Key}
	}
	return d
}

// may fails with Forbidden if the caller lacks the right to accounts of a type.
func may(caller auth.Caller, account auth.AccountType, person, service auth.Right) error {
	right := person
	if account == auth.System {
		right = service
	}
	if !caller.May(right) {
		return apierr.Forbidden("the right %s is missing", right)
	}
	return nil
}

var createUserV1 = op.Operation[Service]{
	ID:         "createUserV1",
	Route:      "POST /pod/v1/admin/user/create",
	Tag:        "User",
	Summary:    "Create an account, first version.",
	Deprecated: true,
	Needs:      administration,
	Handle:     op.Write((*Service).createV1),
}

type createInputV1 struct{ Body CreateV1 }

// CreateV1 is an account to create, with the attributes of the first version.
type CreateV1 struct {
	UserAttributes *AttributesV1      `json:"userAttributes"`
	Password       *accounts.Password `json:"password"`
	Roles          []auth.Role        `json:"roles" maxItems:"100"`
}

func (in createInputV1) Validate() error {
	in.Body.Password.Seal()
	return nil
}

func (s *Service) createV1(tx *db.Tx, caller auth.Caller, in createInputV1) (DetailV1, error) {
	v2 := createInput{Body: CreateV2{Password: in.Body.Password, Roles: in.Body.Roles}}
	if in.Body.UserAttributes != nil {
		v2.Body.UserAttributes = &AttributesV2{AttributesV1: *in.Body.UserAttributes}
	}
	if err := v2.Validate(); err != nil {
		return DetailV1{}, err
	}
	d, err := s.createV2(tx, caller, v2)
	return d.v1(), err
}
