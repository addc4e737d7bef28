package groups

import (
	"podium/internal/apierr"
	"podium/internal/auth"
	"podium/internal/db"
	"podium/internal/op"
	"podium/internal/wire"
	"podium/internal/wording"
)

var createGroup = op.Operation[Service]{
	ID:      "insertGroup",
	Route:   "POST /profile-manager/v1/groups",
	Tag:     "Groups",
	Summary: "Create a distribution list.",
	About: "Its members are enabled users of the company, at most 5,000. The list gets an " +
		"account of type SDL, which a search for such accounts finds.",
	Needs:   manager,
	Success: 201,
	Also:    []int{429, 452},
	Errors:  groupErrors,
	Handle:  op.Write((*Service).create),
}

type createInput struct {
	Host string `header:"X-Symphony-Host" required:"false" maxLength:"8192" doc:"Ignored."`
	Body CreateGroup
}

func (in createInput) Validate() error {
	if err := in.Body.check(); err != nil {
		return err
	}
	if in.Body.Profile == nil {
		return apierr.Invalid("profile: it is required")
	}
	if err := wording.Line("name", in.Body.Name); err != nil {
		return err
	}
	return in.Body.Profile.checkTexts(BaseProfile{})
}

func (s *Service) create(tx *db.Tx, caller auth.Caller, in createInput) (v op.Versioned[ReadGroup], err error) {
	if err := in.Body.ownedBy(caller.Company); err != nil {
		return v, err
	}
	members := usersOf(in.Body.members())
	if err := s.holdMoving(tx, caller.Company, members, nil); err != nil {
		return v, err
	}
	if err := s.admissible(tx, caller.Company, nil, members); err != nil {
		return v, err
	}
	account, err := s.Accounts.CreateList(tx, caller, in.Body.Name, in.Body.Profile.attributes())
	if err != nil {
		return v, err
	}
	g := group{
		id: account.ID, company: caller.Company, name: in.Body.Name, status: Active, tag: newTag(), limits: in.Body.limits(limits{}),
		created: tx.Now(), createdBy: caller.User, updated: tx.Now(), updatedBy: caller.User,
	}
	if err := insertGroup(tx, g); err != nil {
		return v, err
	}
	if err := s.join(tx, caller, g, members); err != nil {
		return v, err
	}
	if v, err = g.read(tx); err != nil {
		return v, err
	}
	facts := append(one(g, Created{Name: g.name, Username: account.Username}), added(g, members)...)
	return v, s.Journal.RecordAll(tx, caller, facts)
}

func usersOf(list []Member) []wire.UserID {
	ids := make([]wire.UserID, len(list))
	for i, m := range list {
		ids[i] = m.User
	}
	return ids
}
