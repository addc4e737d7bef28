package groups

import (
	"slices"

	"podium/internal/apierr"
	"podium/internal/auth"
	"podium/internal/db"
	"podium/internal/op"
	"podium/internal/wire"
)

var addMember = op.Operation[Service]{
	ID:      "addMemberToGroup",
	Route:   "POST /profile-manager/v1/groups/{groupId}/member",
	Tag:     "Groups",
	Summary: "Put a user on a distribution list.",
	About: "A user who is already a member is refused. To remove a member, update the list " +
		"without that member.",
	Needs:  manager,
	Also:   []int{404, 429, 452},
	Errors: groupErrors,
	Handle: op.Write((*Service).addMember),
}

type addMemberInput struct {
	Host    string `header:"X-Symphony-Host" required:"false" maxLength:"8192" doc:"Ignored."`
	GroupID string `path:"groupId" maxLength:"256"`
	Body    AddMember
}

// AddMember names the user to add to a group.
type AddMember struct {
	Member *Member `json:"member"`
}

func (in addMemberInput) Validate() error {
	if in.Body.Member == nil {
		return apierr.Invalid("member: it is required")
	}
	return in.Body.Member.check()
}

func (s *Service) addMember(tx *db.Tx, caller auth.Caller, in addMemberInput) (v op.Versioned[ReadGroup], err error) {
	g, err := locked(tx, caller, in.GroupID)
	if err != nil {
		return v, err
	}
	if g.status == Deleted {
		return v, apierr.Invalid("The group is deleted")
	}
	staying, err := g.members(tx)
	if err != nil {
		return v, err
	}
	fresh := []wire.UserID{in.Body.Member.User}
	if slices.Contains(staying, fresh[0]) {
		return v, apierr.Invalid("memberId: user %s is a member already", fresh[0])
	}
	if err := s.holdMoving(tx, caller.Company, fresh, nil); err != nil {
		return v, err
	}
	if err := s.admissible(tx, caller.Company, staying, fresh); err != nil {
		return v, err
	}
	g = g.changed(tx, caller)
	if err := saveGroup(tx, g); err != nil {
		return v, err
	}
	if err := s.join(tx, caller, g, fresh); err != nil {
		return v, err
	}
	if v, err = g.read(tx); err != nil {
		return v, err
	}
	return v, s.Journal.RecordAll(tx, caller, added(g, fresh))
}

// members returns the members of the group, deleted or not.
func (g group) members(tx *db.Tx) ([]wire.UserID, error) {
	list, err := membersOf(tx, []wire.UserID{g.id})
	ids := make([]wire.UserID, len(list))
	for i, m := range list {
		ids[i] = m.user
	}
	return ids, err
}
