// Package sso holds the configuration of single sign-on with a company's identity provider, which
// administrators write and read. Browsers and clients sign in; that is not here.
package sso

import (
	"errors"

	"podium/internal/auth"
	"podium/internal/db"
	"podium/internal/db/lock"
	"podium/internal/journal"
	"podium/internal/op"
	"podium/internal/pod/companies"
	"podium/internal/wire"
)

// Service is the chapter sso. Package pod sets its fields.
type Service struct {
	Journal   *journal.Log
	Companies *companies.Directory
}

// Operations returns the operations of this chapter.
func (s *Service) Operations() []op.Bound {
	return op.Bind(s, getConfiguration, setConfiguration, patchConfiguration)
}

// Configuration is the configuration of single sign-on: the published SsoConfiguration. In a
// request, null is the same as absent. None of it is secret.
type Configuration struct {
	Enabled        *bool   `json:"ssoEnabled,omitempty"`
	IDPEntityID    *string `json:"idpEntityId,omitempty" maxLength:"2048" doc:"The identity provider's name. Required if SSO is enabled."`
	IDPEndpoint    *string `json:"idpSsoEndpoint,omitempty" maxLength:"2048" doc:"The https address where users sign in. Required if SSO is enabled."`
	IDPCertificate *string `json:"idpSigningCertificate,omitempty" maxLength:"65536" doc:"The certificate in PEM that verifies the identity provider's assertions; line breaks may be missing. Required if SSO is enabled."`
	ACSURL         *string `json:"symphonyAcsUrl,omitempty" maxLength:"2048" doc:"Where the identity provider sends users back to. If absent, made from the pod's address."`
	EntityID       *string `json:"symphonyEntityId,omitempty" maxLength:"2048" doc:"The pod's name. If absent, its address."`
	ForceAuthn     *bool   `json:"forceAuthn,omitempty" doc:"Whether users sign in again in spite of a session at the identity provider."`
}

var getConfiguration = op.Operation[Service]{
	ID:      "getSsoConfiguration",
	Route:   "GET /pod/v1/admin/sso/configuration",
	Tag:     "SsoConfiguration",
	Summary: "Read the company's single sign-on configuration.",
	About: "Until it is written, it is not enabled, and its addresses are made from the " +
		"company's first host name, or from the host of the request. So 404, which is " +
		"published, is never answered.",
	Needs:  auth.All(auth.ManageSSOForPod),
	Also:   []int{404},
	Handle: op.Read((*Service).get),
}

type getInput struct {
	Peer op.Peer
}

func (s *Service) get(tx *db.Tx, caller auth.Caller, in getInput) (Configuration, error) {
	c, err := stored(tx, caller.Company)
	if errors.Is(err, db.ErrNoRow) {
		err = nil
	}
	return c.shown(s.base(caller.Company, in.Peer)), err
}

// base returns the company's address: its first host name or, without one, the address to which the
// request was sent.
func (s *Service) base(company wire.CompanyID, peer op.Peer) string {
	if m, ok := s.Companies.Get(company); ok && len(m.Hosts) > 0 {
		return "https://" + m.Hosts[0]
	}
	return peer.Site
}

var setConfiguration = op.Operation[Service]{
	ID:      "setSsoConfiguration",
	Route:   "POST /pod/v1/admin/sso/configuration",
	Tag:     "SsoConfiguration",
	Summary: "Set the company's single sign-on configuration.",
	About:   "Omitted members are off, or empty.",
	Needs:   auth.All(auth.ManageSSOForPod),
	Handle:  op.Write((*Service).set),
}

var patchConfiguration = op.Operation[Service]{
	ID:      "patchSsoConfiguration",
	Route:   "PATCH /pod/v1/admin/sso/configuration",
	Tag:     "SsoConfiguration",
	Summary: "Change parts of the company's single sign-on configuration.",
	About: "Omitted members remain unchanged. The result is checked as a whole; if it is not " +
		"valid, nothing changes.",
	Needs:  auth.All(auth.ManageSSOForPod),
	Handle: op.Write((*Service).patch),
}

type configurationInput struct {
	Body Configuration
}

func (s *Service) set(tx *db.Tx, caller auth.Caller, in configurationInput) (wire.Success, error) {
	return s.change(tx, caller, in.Body, configuration{})
}

func (s *Service) patch(tx *db.Tx, caller auth.Caller, in configurationInput) (wire.Success, error) {
	if err := hold(tx, caller.Company); err != nil {
		return wire.Success{}, err
	}
	c, err := stored(tx, caller.Company)
	if err != nil && !errors.Is(err, db.ErrNoRow) {
		return wire.Success{}, err
	}
	return s.change(tx, caller, in.Body, c)
}

// change applies the given values to a configuration and stores the result in place of the current
// one.
func (s *Service) change(tx *db.Tx, caller auth.Caller, given Configuration, onto configuration) (wire.Success, error) {
	if err := hold(tx, caller.Company); err != nil {
		return wire.Success{}, err
	}
	was, err := stored(tx, caller.Company)
	if err != nil && !errors.Is(err, db.ErrNoRow) {
		return wire.Success{}, err
	}
	next, err := onto.with(given).checked(onto)
	if err != nil {
		return wire.Success{}, err
	}
	if err := save(tx, caller.Company, next); err != nil {
		return wire.Success{}, err
	}
	fact := Changed{Enabled: next.enabled, Changed: was.differences(next)}
	return wire.Done("Success"), s.Journal.Record(tx, caller, journal.Thing("sso"), fact)
}

// Changed is recorded when the configuration is written, even if nothing changes.
type Changed struct {
	Enabled bool     `json:"enabled"`
	Changed []string `json:"changed"` // the published names of the changed fields
}

// Kind returns the name of this fact in the log.
func (Changed) Kind() string { return "sso.changed" }

// Audience returns the company of the actor.
func (Changed) Audience() journal.Audience { return journal.Within() }

// AuditLine names the action.
func (Changed) AuditLine(journal.Entry) journal.Line {
	return journal.Action("ssoConfigurationUpdated", "SSO configuration updated")
}

func hold(tx *db.Tx, company wire.CompanyID) error { return tx.Lock(lock.SSOOf(company)) }
