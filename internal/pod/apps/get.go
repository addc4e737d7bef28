package apps

import (
	"podium/internal/auth"
	"podium/internal/db"
	"podium/internal/op"
)

var getApp = op.Operation[Service]{
	ID:      "getApplication",
	Route:   "GET /pod/v1/admin/app/{id}/get",
	Tag:     "Application",
	Summary: "Get an application with all its attributes.",
	Needs:   auth.All(auth.ViewApps),
	Handle:  op.Read((*Service).get),
}

type ofApp struct {
	ID string `path:"id" maxLength:"256"`
}

func (s *Service) get(tx *db.Tx, caller auth.Caller, in ofApp) (Detail, error) {
	a, err := Find(tx, caller.Company, in.ID)
	if err != nil {
		return Detail{}, unknown(err)
	}
	keys, err := slots(tx, a.Company, a.ID, tx.Now())
	return a.detail(keys), err
}
