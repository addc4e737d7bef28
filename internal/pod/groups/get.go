package groups

import (
	"podium/internal/apierr"
	"podium/internal/auth"
	"podium/internal/db"
	"podium/internal/op"
)

var getGroup = op.Operation[Service]{
	ID:      "getGroup",
	Route:   "GET /profile-manager/v1/groups/{groupId}",
	Tag:     "Groups",
	Summary: "Read a distribution list.",
	About:   "Reads deleted lists too.",
	Needs:   manager,
	Also:    []int{404, 429},
	Errors:  groupErrors,
	Handle:  op.Read((*Service).get),
}

type groupInput struct {
	Host    string `header:"X-Symphony-Host" required:"false" maxLength:"8192" doc:"Ignored."`
	GroupID string `path:"groupId" maxLength:"256"`
}

func (s *Service) get(tx *db.Tx, caller auth.Caller, in groupInput) (v op.Versioned[ReadGroup], err error) {
	g, err := find(tx, caller, in.GroupID)
	if err != nil {
		return v, err
	}
	return g.read(tx)
}

var deleteAll = op.Operation[Service]{
	ID:      "deleteAllGroups",
	Route:   "DELETE /profile-manager/v1/groups/deleteAll",
	Tag:     "Groups",
	Summary: "Delete all groups of the company; always refused.",
	About:   "Always refused. The published description calls it maintenance and says that it is usually disabled.",
	Needs:   manager,
	Also:    []int{429},
	Errors:  groupErrors,
	Handle:  op.Read((*Service).deleteAll),
}

type deleteAllInput struct {
	Host string `header:"X-Symphony-Host" required:"false" maxLength:"8192" doc:"Ignored."`
}

func (s *Service) deleteAll(*db.Tx, auth.Caller, deleteAllInput) (GroupList, error) {
	return GroupList{}, apierr.Forbidden("deleting all groups at once is switched off")
}
