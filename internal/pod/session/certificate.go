package session

import (
	"context"
	"crypto/x509"
	"errors"

	"podium/internal/apierr"
	"podium/internal/auth"
	"podium/internal/db"
	"podium/internal/op"
	"podium/internal/pod/accounts"
	"podium/internal/pod/apps"
	"podium/internal/pod/certs"
	"podium/internal/pod/companies"
	"podium/internal/wire"
)

const aboutCertificate = "The TLS client certificate's common name is the name of an active service account. " +
	"The certificate, or one that issued it, is among the company's trusted certificates."

var certificateLogin = op.Operation[Service]{
	ID:      "authenticateByCertificate",
	Route:   "POST /sessionauth/v1/authenticate",
	Tag:     "CertificateAuthentication",
	Summary: "Log a service account in by certificate.",
	About:   aboutCertificate,
	Needs:   auth.Anyone,
	Also:    []int{401},
	Login:   true,
	Handle:  op.Call((*Service).certificateLogin),
}

var certificateKeyLogin = op.Operation[Service]{
	ID:      "authenticateKeyManagerByCertificate",
	Route:   "POST /keyauth/v1/authenticate",
	Tag:     "CertificateAuthentication",
	Summary: "Log a service account in at the key manager by certificate.",
	About:   aboutCertificate,
	Needs:   auth.Anyone,
	Also:    []int{401},
	Login:   true,
	Handle:  op.Call((*Service).certificateKeyLogin),
}

type certificateInput struct {
	Peer op.Peer
}

func (s *Service) certificateLogin(ctx context.Context, caller auth.Caller, in certificateInput) (Token, error) {
	return again(func() (Token, error) {
		m, u, hold, err := certified(ctx, s, caller, in.Peer.Certificates, nil, certifiedUser)
		if err != nil {
			return Token{}, err
		}
		return s.openForUser(ctx, m, u, byCertificate, in.Peer, hold)
	})
}

func (s *Service) certificateKeyLogin(ctx context.Context, caller auth.Caller, in certificateInput) (Token, error) {
	return again(func() (Token, error) {
		m, u, hold, err := certified(ctx, s, caller, in.Peer.Certificates, nil, certifiedUser)
		if err != nil {
			return Token{}, err
		}
		return s.openAtKeyManager(ctx, m, u, byCertificate, in.Peer, hold)
	})
}

// holding locks what a login was decided by until the session is committed. It fails if that has
// changed.
type holding func(tx *db.Tx) error

// byKey locks nothing: for a login by key, the version of the account or the epoch of the
// application shows changes.
func byKey(*db.Tx) error { return nil }

// certified verifies a client certificate and returns the company and the owner of the certificate.
// find looks the owner up by the certificate's common name; hasOwn is an argument of certs.Judge.
// Everything is read in one transaction, so the certificate was valid for the state returned. The
// transaction that opens the session must call hold last: it fails with certs.ErrChanged if the
// certificate may no longer be valid.
// last thing: it fails with certs.ErrChanged if the certificate might not be valid any more.
func certified[T any](ctx context.Context, s *Service, caller auth.Caller, chain []*x509.Certificate, hasOwn certs.HasOwn,
	find func(tx *db.Tx, company wire.CompanyID, name string) (T, error)) (m *companies.Member, owner T, hold holding, err error) {
	m, ok := s.Companies.Get(caller.Company)
	if !ok {
		return nil, owner, nil, apierr.LoginRefused("there is no company %d", caller.Company)
	}
	if !m.Certificates {
		return nil, owner, nil, apierr.Forbidden("the company does not let anybody log in by certificate")
	}
	var judged certs.Judged
	owner, err = db.Read(ctx, s.DB, func(tx *db.Tx) (owner T, err error) {
		judged, err = certs.Judge(tx, m.ID, m.CertificateBits, chain, hasOwn)
		if err != nil {
			return owner, err
		}
		return find(tx, m.ID, judged.CommonName)
	})
	var refused certs.Refused
	if errors.As(err, &refused) {
		err = apierr.LoginRefused("client certificate: %s", refused)
	}
	return m, owner, func(tx *db.Tx) error { return judged.Hold(tx, m.ID) }, err
}

// certifiedUser returns the service account that the common name of a client certificate names. It
// fails with LoginRefused.
func certifiedUser(tx *db.Tx, company wire.CompanyID, name string) (accounts.User, error) {
	u, err := accounts.ByUsername(tx, company, name)
	if errors.Is(err, db.ErrNoRow) {
		return u, apierr.LoginRefused("client certificate: there is no account %q", name)
	}
	if err != nil {
		return u, err
	}
	if u.AccountType != auth.System {
		return u, apierr.Forbidden("the account %s is not a service account", u.ID)
	}
	if u.LockedOut(tx.Now()) {
		return u, apierr.LoginRefused("client certificate: the account %s is disabled or suspended", u.ID)
	}
	// A published rule: an application of the same name with a certificate takes precedence.
	a, err := apps.Find(tx, company, name)
	if errors.Is(err, db.ErrNoRow) {
		return u, nil
	}
	if err == nil && a.Enabled && a.Certificate != "" {
		return u, apierr.Forbidden("an application of the name %s logs in by certificate", a.ID)
	}
	return u, err
}
