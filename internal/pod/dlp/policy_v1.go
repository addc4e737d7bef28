package dlp

import (
	"slices"

	"podium/internal/apierr"
	"podium/internal/auth"
	"podium/internal/db"
	"podium/internal/op"
	"podium/internal/wire"
)

// policyOperation returns an operation on policies in their first form.
func policyOperation(id, route, summary string, need auth.Right, handle op.Handler[Service]) op.Operation[Service] {
	return op.Operation[Service]{
		ID:              id,
		Route:           route,
		Tag:             section,
		Summary:         summary,
		About:           "The first form does not know the policies that the third form has written.",
		Needs:           auth.All(need),
		KeyManagerToken: true,
		Handle:          handle,
	}
}

var (
	listPoliciesV1 = policyOperation("listDLPPoliciesV1", "GET /agent/v1/dlp/policies",
		"Page through the policies, oldest first, first form.", auth.ViewExpressionFilters, op.Read((*Service).listPoliciesV1))
	createPolicyV1 = policyOperation("createDLPPolicyV1", "POST /agent/v1/dlp/policies",
		"Create a policy, which is disabled, first form.", auth.ManageExpressionFilters, op.Write((*Service).createPolicyV1))
	getPolicyV1 = policyOperation("getDLPPolicyV1", "GET /agent/v1/dlp/policies/{policyId}",
		"Read a policy, first form.", auth.ViewExpressionFilters, op.Read((*Service).getPolicyV1))
	updatePolicyV1 = policyOperation("updateDLPPolicyV1", "PUT /agent/v1/dlp/policies/{policyId}",
		"Replace a policy, first form. Without dictionaries it is disabled.", auth.ManageExpressionFilters, op.Write((*Service).updatePolicyV1))
	deletePolicyV1 = policyOperation("deleteDLPPolicyV1", "DELETE /agent/v1/dlp/policies/{policyId}",
		"Delete a disabled policy, first form.", auth.ManageExpressionFilters, op.Write((*Service).deletePolicyV1))
	enablePolicyV1 = policyOperation("enableDLPPolicyV1", "POST /agent/v1/dlp/policies/{policyId}/enable",
		"Enable a policy, first form.", auth.ManageExpressionFilters, op.Write((*Service).enablePolicyV1))
	disablePolicyV1 = policyOperation("disableDLPPolicyV1", "POST /agent/v1/dlp/policies/{policyId}/disable",
		"Disable a policy, first form.", auth.ManageExpressionFilters, op.Write((*Service).disablePolicyV1))
)

// PolicyV1 is the published V1DLPPolicy.
type PolicyV1 struct {
	ID           string     `json:"policyId"`
	Name         string     `json:"name"`
	Type         Action     `json:"type"`
	Scopes       []Scope    `json:"scopes"`
	Contents     []DataType `json:"contentTypes"`
	Dictionaries []Ref      `json:"dictionaryRefs"`
	Active       bool       `json:"active"`
	Version      Version    `json:"version"`
	Creator      string     `json:"creatorId" doc:"The number of the user."`
	Created      wire.Time  `json:"creationDate"`
	Updated      wire.Time  `json:"lastUpdatedDate"`
	Disabled     *wire.Time `json:"lastDisabledDate,omitempty"`
}

// PolicyV1Response is the published V1DLPPolicyResponse.
type PolicyV1Response struct {
	Data PolicyV1 `json:"data"`
}

// PolicyV1Page is the published V1DLPPoliciesCollectionResponse.
type PolicyV1Page struct {
	Policies  []PolicyV1 `json:"policies"`
	Page      int        `json:"page"`
	PageCount int64      `json:"pageCount"`
}

// v1 returns a policy in the first form. Its rules are those that policyV1Body.applies makes.
func (p policy) v1() PolicyV1 {
	out := PolicyV1{
		ID: p.id, Name: p.name, Scopes: p.scopes, Contents: []DataType{}, Dictionaries: []Ref{}, Active: p.active,
		Version: p.version, Creator: p.creator.String(), Created: p.created, Updated: p.updated, Disabled: at(p.disabled),
	}
	for _, a := range p.applies {
		out.Type = a.Action
		out.Contents = append(out.Contents, a.DataType)
		out.Dictionaries = a.Rules[0].TextMatch.Dictionaries
	}
	return out
}

// responseV1 returns the answer with a policy, unless there is an error.
func responseV1(p policy, err error) (PolicyV1Response, error) { return PolicyV1Response{p.v1()}, err }

type policyV1Body struct {
	Name         string     `json:"name" maxLength:"30" refusal:"Policy name must not exceed 30 characters"`
	Type         Action     `json:"type" doc:"Block or Warn."`
	Scopes       []Scope    `json:"scopes" maxItems:"10"`
	Contents     []DataType `json:"contentTypes" maxItems:"10" doc:"Messages, RoomMeta, SignalMeta; Messages if they are absent."`
	Dictionaries []string   `json:"dictionaryIds" maxItems:"100" maxLength:"128"`
}

// applies returns the rules of a policy of the first form: one for each type of content.
func (b policyV1Body) applies() []Applies {
	contents := b.Contents
	if len(contents) == 0 {
		contents = []DataType{Messages}
	}
	var list []Applies
	for i, content := range contents {
		if slices.Contains(contents[:i], content) {
			continue
		}
		config := TextConfig{Dictionaries: []Ref{}, Count: 1}
		for j, id := range b.Dictionaries {
			if !slices.Contains(b.Dictionaries[:j], id) {
				config.Dictionaries = append(config.Dictionaries, Ref{ID: id})
			}
		}
		list = append(list, Applies{DataType: content, Action: b.Type, Rules: []Rule{{Type: textMatch, TextMatch: &config}}})
	}
	return list
}

// check returns the rules of a request. It fails with Invalid.
func (b policyV1Body) check() ([]Applies, error) {
	if b.Type != Block && b.Type != Warn {
		return nil, apierr.Invalid("type: Block or Warn is expected")
	}
	for _, content := range b.Contents {
		if content != Messages && content != RoomMeta && content != SignalMeta {
			return nil, apierr.Invalid("contentTypes: Messages, RoomMeta or SignalMeta is expected")
		}
	}
	applies := b.applies()
	return applies, checkPolicy(b.Name, b.Scopes, applies)
}

type createPolicyV1Input struct {
	Body policyV1Body
}

func (in createPolicyV1Input) Validate() error {
	_, err := in.Body.check()
	return err
}

type updatePolicyV1Input struct {
	ID   string `path:"policyId" maxLength:"128"`
	Body policyV1Body
}

func (in updatePolicyV1Input) Validate() error {
	if in.Body.Dictionaries == nil {
		return apierr.Invalid("dictionaryIds: it is required; an empty list disables the policy")
	}
	_, err := in.Body.check()
	return err
}

func (s *Service) listPoliciesV1(tx *db.Tx, caller auth.Caller, in pageInput) (PolicyV1Page, error) {
	list, pages, err := page(tx, caller.Company, formV1, in)
	out := PolicyV1Page{Policies: []PolicyV1{}, Page: in.Page, PageCount: pages}
	for _, p := range list {
		out.Policies = append(out.Policies, p.v1())
	}
	return out, err
}

func (s *Service) createPolicyV1(tx *db.Tx, caller auth.Caller, in createPolicyV1Input) (PolicyV1Response, error) {
	applies, err := in.Body.check()
	if err != nil {
		return PolicyV1Response{}, err
	}
	return responseV1(s.create(tx, caller, formV1, in.Body.Name, in.Body.Scopes, applies))
}

func (s *Service) getPolicyV1(tx *db.Tx, caller auth.Caller, in policyVersionInput) (PolicyV1Response, error) {
	return responseV1(findPolicy(tx, caller.Company, in.ID, formV1, readVersion(in.Version)))
}

func (s *Service) updatePolicyV1(tx *db.Tx, caller auth.Caller, in updatePolicyV1Input) (PolicyV1Response, error) {
	applies, err := in.Body.check()
	if err != nil {
		return PolicyV1Response{}, err
	}
	return responseV1(s.replace(tx, caller, formV1, in.ID, in.Body.Name, in.Body.Scopes, applies))
}

func (s *Service) deletePolicyV1(tx *db.Tx, caller auth.Caller, in policyInput) (PolicyV1Response, error) {
	return responseV1(s.remove(tx, caller, formV1, in.ID))
}

func (s *Service) enablePolicyV1(tx *db.Tx, caller auth.Caller, in policyInput) (PolicyV1Response, error) {
	return responseV1(s.activate(tx, caller, formV1, in.ID, true))
}

func (s *Service) disablePolicyV1(tx *db.Tx, caller auth.Caller, in policyInput) (PolicyV1Response, error) {
	return responseV1(s.activate(tx, caller, formV1, in.ID, false))
}
