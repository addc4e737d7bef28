package apps

import (
	"crypto/x509"
	"encoding/pem"
	"errors"
	"strings"

	"podium/internal/apierr"
	"podium/internal/auth"
	"podium/internal/db"
	"podium/internal/jose"
	"podium/internal/wire"
)

// Actions on keys.
const (
	save   = "SAVE"
	revoke = "REVOKE"
	extend = "EXTEND"
)

// validate returns an error that names the first invalid action.
func (k *Keys) validate() error {
	if k == nil {
		return nil
	}
	if c := k.Current; c != nil {
		switch c.action(save) {
		case save:
			if c.text() == "" {
				return apierr.Invalid("authenticationKeys.current.key: it is required")
			}
			if _, err := jose.ParsePublicKey(c.text()); err != nil {
				return apierr.Invalid("authenticationKeys.current.key: %s", err)
			}
		case revoke:
		default:
			return apierr.Invalid("authenticationKeys.current.action: SAVE or REVOKE is expected")
		}
	}
	if p := k.Previous; p != nil {
		switch p.action("") {
		case "", revoke, extend: // none: a key as it was answered, sent back
		default:
			return apierr.Invalid("authenticationKeys.previous.action: REVOKE or EXTEND is expected")
		}
	}
	return nil
}

func (k *DetailedKey) text() string {
	if k.Key == nil {
		return ""
	}
	return *k.Key
}

// action returns the action on a key, or otherwise if the request names none.
func (k *DetailedKey) action(otherwise string) string {
	if k.Action == nil || *k.Action == "" {
		return otherwise
	}
	return strings.ToUpper(*k.Action)
}

// changeKeys performs a request's actions on the keys of a locked application. The previous key
// comes first, so that one request can revoke it and save another.
func (s *Service) changeKeys(tx *db.Tx, caller auth.Caller, a App, k *Keys) error {
	if k == nil {
		return nil
	}
	if p := k.Previous; p != nil {
		var err error
		switch p.action("") {
		case revoke:
			err = s.revokeKey(tx, caller, a, Previous)
		case extend:
			until := wire.Time(0)
			if p.ExpirationDate != nil {
				until = *p.ExpirationDate
			}
			err = s.extendKey(tx, caller, a, until)
		}
		if err != nil {
			return err
		}
	}
	switch {
	case k.Current == nil:
		return nil
	case k.Current.action(save) == revoke:
		return s.revokeKey(tx, caller, a, Current)
	}
	return s.saveKey(tx, caller, a, k.Current.text())
}

// validateCertificate returns an error for a text that is neither a certificate nor, as in the
// published sample, an RSA public key.
func validateCertificate(text *string) error {
	if text == nil || *text == "" {
		return nil
	}
	if parseCertificate(*text) != nil {
		return nil
	}
	if _, err := jose.ParsePublicKey(*text); err == nil {
		return nil
	}
	return apierr.Invalid("cert: a certificate or an RSA public key in PEM is expected")
}

// parseCertificate returns the certificate in a PEM text, or nil.
func parseCertificate(text string) *x509.Certificate {
	block, rest := pem.Decode([]byte(strings.ReplaceAll(text, `\n`, "\n")))
	if block == nil || block.Type != "CERTIFICATE" || strings.TrimSpace(string(rest)) != "" {
		return nil
	}
	certificate, err := x509.ParseCertificate(block.Bytes)
	if err != nil {
		return nil
	}
	return certificate
}

// Certified reports whether a client certificate is the stored certificate of the application that
// it names or, if the application has a public key instead, has that key.
func Certified(tx *db.Tx, company wire.CompanyID, leaf *x509.Certificate) (bool, error) {
	a, err := Find(tx, company, leaf.Subject.CommonName)
	if errors.Is(err, db.ErrNoRow) {
		return false, nil
	}
	if err != nil || a.Certificate == "" {
		return false, err
	}
	if own := parseCertificate(a.Certificate); own != nil {
		return own.Equal(leaf), nil
	}
	key, err := jose.ParsePublicKey(a.Certificate)
	// a text that is neither was refused when it was stored
	return err == nil && key.Equal(leaf.PublicKey), nil
}

// oneKind returns an error for an application with both a certificate and RSA keys.
func oneKind(a App, keys []Key) error {
	if a.Certificate != "" && len(keys) > 0 {
		return apierr.Invalid("cert: an application has either a certificate or authenticationKeys; take the other away first")
	}
	return nil
}
