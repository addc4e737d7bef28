package dlp

import (
	"podium/internal/auth"
	"podium/internal/db"
	"podium/internal/op"
	"podium/internal/wire"
)

var listPolicies = op.Operation[Service]{
	ID:              "listDLPPolicies",
	Route:           "GET /agent/v3/dlp/policies",
	Tag:             section,
	Summary:         "Page through the policies, oldest first.",
	Needs:           auth.All(auth.ViewExpressionFilters),
	KeyManagerToken: true,
	Handle:          op.Read((*Service).listPolicies),
}

var createPolicy = op.Operation[Service]{
	ID:      "createDLPPolicy",
	Route:   "POST /agent/v3/dlp/policies",
	Tag:     section,
	Summary: "Create a policy, which is disabled.",
	About: "Names are unique, without differences of case. A rule names dictionaries by their ids, " +
		"and uses their newest versions. A company has at most 100 policies.",
	Needs:           auth.All(auth.ManageExpressionFilters),
	KeyManagerToken: true,
	Handle:          op.Write((*Service).createPolicy),
}

var getPolicy = op.Operation[Service]{
	ID:              "getDLPPolicy",
	Route:           "GET /agent/v3/dlp/policies/{policyId}",
	Tag:             section,
	Summary:         "Read a policy.",
	About:           "The last 20 versions are kept.",
	Needs:           auth.All(auth.ViewExpressionFilters),
	KeyManagerToken: true,
	Handle:          op.Read((*Service).getPolicy),
}

var updatePolicy = op.Operation[Service]{
	ID:              "updateDLPPolicy",
	Route:           "POST /agent/v3/dlp/policies/{policyId}/update",
	Tag:             section,
	Summary:         "Replace a policy.",
	About:           "It gets a new version. If nothing is left to look for, it is disabled.",
	Needs:           auth.All(auth.ManageExpressionFilters),
	KeyManagerToken: true,
	Handle:          op.Write((*Service).updatePolicy),
}

var deletePolicy = op.Operation[Service]{
	ID:              "deleteDLPPolicy",
	Route:           "POST /agent/v3/dlp/policies/{policyId}/delete",
	Tag:             section,
	Summary:         "Delete a disabled policy.",
	Needs:           auth.All(auth.ManageExpressionFilters),
	KeyManagerToken: true,
	Handle:          op.Write((*Service).deletePolicy),
}

var enablePolicy = op.Operation[Service]{
	ID:              "enableDLPPolicy",
	Route:           "POST /agent/v3/dlp/policies/{policyId}/enable",
	Tag:             section,
	Summary:         "Enable a policy.",
	Needs:           auth.All(auth.ManageExpressionFilters),
	KeyManagerToken: true,
	Handle:          op.Write((*Service).enablePolicy),
}

var disablePolicy = op.Operation[Service]{
	ID:              "disableDLPPolicy",
	Route:           "POST /agent/v3/dlp/policies/{policyId}/disable",
	Tag:             section,
	Summary:         "Disable a policy.",
	Needs:           auth.All(auth.ManageExpressionFilters),
	KeyManagerToken: true,
	Handle:          op.Write((*Service).disablePolicy),
}

// Policy is the published V3DLPPolicy.
type Policy struct {
	ID       string      `json:"id"`
	PolicyID string      `json:"policyId" doc:"The same."`
	Version  Version     `json:"version"`
	Name     string      `json:"name"`
	Creator  wire.UserID `json:"creatorId"`
	Scopes   []Scope     `json:"scopes"`
	Applies  []Applies   `json:"appliesTo"`
	Active   bool        `json:"active"`
	Deleted  bool        `json:"deleted"`
	Created  wire.Time   `json:"creationDate"`
	Updated  wire.Time   `json:"lastUpdatedDate"`
	Disabled *wire.Time  `json:"lastDisabledDate,omitempty"`
	System   bool        `json:"systemPolicy" doc:"Always false."`
}

// PolicyResponse is the published V3DLPPolicyResponse.
type PolicyResponse struct {
	Data Policy `json:"data"`
}

// PolicyPage is the published V3DLPPoliciesCollectionResponse.
type PolicyPage struct {
	Policies  []Policy `json:"policies"`
	Page      int      `json:"page"`
	Size      int      `json:"size"`
	PageCount int64    `json:"pageCount"`
}

// at returns a time, or nil for none.
func at(t wire.Time) *wire.Time {
	if t == 0 {
		return nil
	}
	return &t
}

func (p policy) v3() Policy {
	return Policy{
		ID: p.id, PolicyID: p.id, Version: p.version, Name: p.name, Creator: p.creator, Scopes: p.scopes, Applies: orEmpty(p.applies),
		Active: p.active, Deleted: p.deleted, Created: p.created, Updated: p.updated, Disabled: at(p.disabled),
	}
}

// responseV3 returns the answer with a policy, unless there is an error.
func responseV3(p policy, err error) (PolicyResponse, error) { return PolicyResponse{p.v3()}, err }

type policyBody struct {
	Name    string    `json:"name" maxLength:"30" refusal:"Policy name must not exceed 30 characters"`
	Scopes  []Scope   `json:"scopes" maxItems:"10"`
	Applies []Applies `json:"appliesTo" maxItems:"20"`
}

type createPolicyInput struct {
	Body policyBody
}

func (in createPolicyInput) Validate() error { return in.Body.check() }

func (b policyBody) check() error { return checkPolicy(b.Name, b.Scopes, b.Applies) }

type policyInput struct {
	ID string `path:"policyId" maxLength:"128"`
}

type policyVersionInput struct {
	ID      string `path:"policyId" maxLength:"128"`
	Version string `query:"policyVersion" required:"false" maxLength:"7" pattern:"^[1-9][0-9]{0,2}[.][0-9]{1,3}$" doc:"The newest if it is absent."`
}

type updatePolicyInput struct {
	ID   string `path:"policyId" maxLength:"128"`
	Body policyBody
}

func (in updatePolicyInput) Validate() error { return in.Body.check() }

func (s *Service) listPolicies(tx *db.Tx, caller auth.Caller, in pageInput) (PolicyPage, error) {
	list, pages, err := page(tx, caller.Company, formV3, in)
	out := PolicyPage{Policies: []Policy{}, Page: in.Page, Size: in.Limit, PageCount: pages}
	for _, p := range list {
		out.Policies = append(out.Policies, p.v3())
	}
	return out, err
}

func (s *Service) createPolicy(tx *db.Tx, caller auth.Caller, in createPolicyInput) (PolicyResponse, error) {
	return responseV3(s.create(tx, caller, formV3, in.Body.Name, in.Body.Scopes, in.Body.Applies))
}

func (s *Service) getPolicy(tx *db.Tx, caller auth.Caller, in policyVersionInput) (PolicyResponse, error) {
	return responseV3(findPolicy(tx, caller.Company, in.ID, formV3, readVersion(in.Version)))
}

func (s *Service) updatePolicy(tx *db.Tx, caller auth.Caller, in updatePolicyInput) (PolicyResponse, error) {
	return responseV3(s.replace(tx, caller, formV3, in.ID, in.Body.Name, in.Body.Scopes, in.Body.Applies))
}

func (s *Service) deletePolicy(tx *db.Tx, caller auth.Caller, in policyInput) (PolicyResponse, error) {
	return responseV3(s.remove(tx, caller, formV3, in.ID))
}

func (s *Service) enablePolicy(tx *db.Tx, caller auth.Caller, in policyInput) (PolicyResponse, error) {
	return responseV3(s.activate(tx, caller, formV3, in.ID, true))
}

func (s *Service) disablePolicy(tx *db.Tx, caller auth.Caller, in policyInput) (PolicyResponse, error) {
	return responseV3(s.activate(tx, caller, formV3, in.ID, false))
}
