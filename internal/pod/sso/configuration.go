package sso

import (
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"net/url"
	"strings"

	"podium/internal/apierr"
	"podium/internal/db"
	"podium/internal/wire"
	"podium/internal/wording"
)

// configuration is the stored configuration. Empty addresses of the pod are derived from its host
// name.
type configuration struct {
	enabled        bool
	idpEntityID    string
	idpEndpoint    string
	idpCertificate string // PEM
	acsURL         string
	entityID       string
	forceAuthn     bool
}

// with returns the configuration with the given values replaced.
func (c configuration) with(given Configuration) configuration {
	for _, f := range []struct{ to, from *bool }{{&c.enabled, given.Enabled}, {&c.forceAuthn, given.ForceAuthn}} {
		if f.from != nil {
			*f.to = *f.from
		}
	}
	for _, f := range []struct{ to, from *string }{
		{&c.idpEntityID, given.IDPEntityID}, {&c.idpEndpoint, given.IDPEndpoint}, {&c.idpCertificate, given.IDPCertificate},
		{&c.acsURL, given.ACSURL}, {&c.entityID, given.EntityID},
	} {
		if f.from != nil {
			*f.to = strings.TrimSpace(*f.from)
		}
	}
	return c
}

// shown returns the configuration as an answer of a pod at an address.
func (c configuration) shown(base string) Configuration {
	if c.acsURL == "" {
		c.acsURL = base + "/login/sso/acs"
	}
	if c.entityID == "" {
		c.entityID = base
	}
	return Configuration{
		Enabled: &c.enabled, IDPEntityID: given(c.idpEntityID), IDPEndpoint: given(c.idpEndpoint),
		IDPCertificate: given(c.idpCertificate), ACSURL: given(c.acsURL), EntityID: given(c.entityID), ForceAuthn: &c.forceAuthn,
	}
}

func given(text string) *string {
	if text == "" {
		return nil
	}
	return &text
}

// Limits in bytes. They are our choice.
const (
	maxText        = 2048
	maxCertificate = 64 << 10
)

// checked returns the configuration with its certificate in normal PEM form, or an error that names
// an invalid field.
func (c configuration) checked(was configuration) (configuration, error) {
	for _, f := range []struct {
		name, value string
		needed      bool
	}{
		{"idpEntityId", c.idpEntityID, true}, {"idpSsoEndpoint", c.idpEndpoint, true}, {"idpSigningCertificate", c.idpCertificate, true},
		{"symphonyAcsUrl", c.acsURL, false}, {"symphonyEntityId", c.entityID, false},
	} {
		limit := maxText
		if f.name == "idpSigningCertificate" {
			limit = maxCertificate
		}
		switch {
		case f.value == "" && f.needed && c.enabled:
			return c, apierr.Invalid("%s is required", f.name)
		case len(f.value) > limit:
			return c, apierr.Invalid("%s is invalid: it is longer than %d bytes", f.name, limit)
		}
	}
	if c.idpEndpoint != "" && !isAddress(c.idpEndpoint, "https") {
		return c, apierr.Invalid("idpSsoEndpoint is invalid: an https address is expected")
	}
	if c.acsURL != "" && !isAddress(c.acsURL, "https", "http") {
		return c, apierr.Invalid("symphonyAcsUrl is invalid: an http or https address is expected")
	}
	err := wording.Changed(
		wording.Text{Field: "idpEntityId", Was: was.idpEntityID, Value: c.idpEntityID, Check: wording.URI},
		wording.Text{Field: "idpSsoEndpoint", Was: was.idpEndpoint, Value: c.idpEndpoint, Check: wording.URI},
		wording.Text{Field: "symphonyAcsUrl", Was: was.acsURL, Value: c.acsURL, Check: wording.URI},
		wording.Text{Field: "symphonyEntityId", Was: was.entityID, Value: c.entityID, Check: wording.URI},
	)
	if err != nil {
		return c, err
	}
	if c.idpCertificate != "" {
		text, ok := certificate(c.idpCertificate)
		if !ok {
			return c, apierr.Invalid("idpSigningCertificate is invalid: one X.509 certificate in PEM is expected")
		}
		c.idpCertificate = text
	}
	return c, nil
}

func isAddress(text string, schemes ...string) bool {
	u, err := url.Parse(text)
	if err != nil || u.Hostname() == "" || u.User != nil || u.Fragment != "" {
		return false
	}
	for _, scheme := range schemes {
		if u.Scheme == scheme {
			return true
		}
	}
	return false
}

// certificate returns the only certificate of a PEM text in normal form. Published samples have no
// line breaks at all; others arrive as the two characters \n.
func certificate(text string) (string, bool) {
	const begin, end = "-----BEGIN CERTIFICATE-----", "-----END CERTIFICATE-----"
	text = strings.TrimSpace(strings.ReplaceAll(text, `\n`, "\n"))
	inner, begins := strings.CutPrefix(text, begin)
	inner, ends := strings.CutSuffix(inner, end)
	der, err := base64.StdEncoding.DecodeString(strings.Join(strings.Fields(inner), ""))
	if !begins || !ends || err != nil {
		return "", false
	}
	parsed, err := x509.ParseCertificate(der)
	if err != nil {
		return "", false
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: parsed.Raw})), true
}

// differences returns the names of the fields in which another configuration differs.
func (c configuration) differences(next configuration) []string {
	names := []string{}
	for _, f := range []struct {
		name string
		same bool
	}{
		{"ssoEnabled", c.enabled == next.enabled}, {"idpEntityId", c.idpEntityID == next.idpEntityID},
		{"idpSsoEndpoint", c.idpEndpoint == next.idpEndpoint}, {"idpSigningCertificate", c.idpCertificate == next.idpCertificate},
		{"symphonyAcsUrl", c.acsURL == next.acsURL}, {"symphonyEntityId", c.entityID == next.entityID},
		{"forceAuthn", c.forceAuthn == next.forceAuthn},
	} {
		if !f.same {
			names = append(names, f.name)
		}
	}
	return names
}

// stored returns a company's configuration. It fails with db.ErrNoRow.
func stored(tx *db.Tx, company wire.CompanyID) (configuration, error) {
	return db.One(tx, func(row db.Row) (c configuration, err error) {
		return c, row.Scan(&c.enabled, &c.idpEntityID, &c.idpEndpoint, &c.idpCertificate, &c.acsURL, &c.entityID, &c.forceAuthn)
	}, `
		SELECT enabled, idp_entity_id, idp_endpoint, idp_certificate, acs_url, entity_id, force_authn
		FROM sso_configurations
		WHERE company = $1`, company)
}

func save(tx *db.Tx, company wire.CompanyID, c configuration) error {
	return tx.Exec(`
		INSERT INTO sso_configurations (company, enabled, idp_entity_id, idp_endpoint, idp_certificate, acs_url, entity_id, force_authn)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
		ON CONFLICT (company) DO UPDATE
		SET enabled = excluded.enabled, idp_entity_id = excluded.idp_entity_id, idp_endpoint = excluded.idp_endpoint,
			idp_certificate = excluded.idp_certificate, acs_url = excluded.acs_url, entity_id = excluded.entity_id,
			force_authn = excluded.force_authn`,
		company, c.enabled, c.idpEntityID, c.idpEndpoint, c.idpCertificate, c.acsURL, c.entityID, c.forceAuthn)
}
