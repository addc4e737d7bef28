package admin

import (
	"podium/internal/auth"
	"podium/internal/db"
	"podium/internal/op"
	"podium/internal/pod/directory"
	"podium/internal/wire"
)

var listUserDetails = op.Operation[Service]{
	ID:      "listUserDetails",
	Route:   "GET /pod/v2/admin/user/list",
	Tag:     "User",
	Summary: "List the company's accounts, in the order of their ids.",
	About: "Lists enabled and disabled accounts of people and services. A page deep in the " +
		"list costs what the first one does.",
	Needs:  provisioning,
	Handle: op.Read((*Service).listV2),
}

type pageInput struct {
	Skip  int `query:"skip" default:"0" min:"0" max:"1000000000"`
	Limit int `query:"limit" default:"100" min:"1" max:"1000"`
}

func (s *Service) listV2(tx *db.Tx, caller auth.Caller, in pageInput) ([]DetailV2, error) {
	people, err := directory.Page(tx, caller.Company, in.Skip, in.Limit)
	if err != nil {
		return nil, err
	}
	return pageDetails(tx, people)
}

var listUserDetailsV3 = op.Operation[Service]{
	ID:         "listUserDetailsV3",
	Route:      "GET /pod/v3/admin/user/list",
	Tag:        "User",
	Summary:    "List the company's accounts, in the order of their ids, with features on request.",
	Deprecated: true,
	Needs:      provisioning,
	Handle:     op.Read((*Service).listV3),
}

type pageInputV3 struct {
	Skip            int  `query:"skip" default:"0" min:"0" max:"1000000000"`
	Limit           int  `query:"limit" default:"100" min:"1" max:"1000"`
	IncludeFeatures bool `query:"includeFeatures" default:"false"`
}

// DetailV3 is a DetailV2 with the account's enabled features.
type DetailV3 struct {
	UserAttributes AttributesV2   `json:"userAttributes"`
	UserSystemInfo SystemInfo     `json:"userSystemInfo"`
	Features       []FeatureState `json:"features,omitempty" doc:"Every feature; only on request."`
	Roles          []auth.Role    `json:"roles" doc:"In the order in which they were granted; optional actions as ROLE.ACTION."`
}

func (s *Service) listV3(tx *db.Tx, caller auth.Caller, in pageInputV3) ([]DetailV3, error) {
	people, err := directory.Page(tx, caller.Company, in.Skip, in.Limit)
	if err != nil {
		return nil, err
	}
	all, err := pageDetails(tx, people)
	if err != nil {
		return nil, err
	}
	states := make(map[wire.UserID][]FeatureState)
	if in.IncludeFeatures {
		if states, err = featuresOf(tx, people); err != nil {
			return nil, err
		}
	}
	v3 := make([]DetailV3, len(all))
	for i, d := range all {
		v3[i] = DetailV3{
			UserAttributes: d.UserAttributes, UserSystemInfo: d.UserSystemInfo, Features: states[d.UserSystemInfo.ID], Roles: d.Roles,
		}
	}
	return v3, nil
}

var listUserIDs = op.Operation[Service]{
	ID:         "listUserIDs",
	Route:      "GET /pod/v1/admin/user/list",
	Tag:        "User",
	Summary:    "List the ids of all of the company's accounts, in their order.",
	Deprecated: true,
	Needs:      provisioning,
	Handle:     op.Read((*Service).listV1),
}

func (s *Service) listV1(tx *db.Tx, caller auth.Caller, _ nothing) ([]wire.UserID, error) {
	first, end := wire.UserIDs(caller.Company)
	return db.All(tx, db.ScanValue[wire.UserID], `SELECT id FROM users WHERE id >= $1 AND id < $2 ORDER BY id`, first, end)
}
