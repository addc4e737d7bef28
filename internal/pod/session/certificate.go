package session

import (
	"context"
	"crypto/x509"
	"errors"

	"podium/internal/apierr"
	"podium/internal/auth"
	"podium/internal/db"
	"podium/internal/op"
	"podium/internal/pod/apps"
	"podium/internal/pod/certs"
	"podium/internal/pod/companies"
	"podium/internal/pod/users"
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
		m, u, err := certified(ctx, s, caller, in.Peer.Certificates, nil, certifiedUser)
		if err != nil {
			return Token{}, err
		}
		return s.openForUser(ctx, m, u, byCertificate, in.Peer)
	})
}

func (s *Service) certificateKeyLogin(ctx context.Context, caller auth.Caller, in certificateInput) (Token, error) {
	return again(func() (Token, error) {
		m, u, err := certified(ctx, s, caller, in.Peer.Certificates, nil, certifiedUser)
		if err != nil {
			return Token{}, err
		}
		return s.openAtKeyManager(ctx, m, u, byCertificate, in.Peer)
	})
}

// certified is the company that takes certificates, and whoever a client's certificate stands for there. find finds him by the name in it; hasOwn
// is as certs.Judge takes it. All of it is read at one moment: what is found is as it was when the certificate still counted.
func certified[T any](ctx context.Context, s *Service, caller auth.Caller, chain []*x509.Certificate, hasOwn certs.HasOwn,
	find func(tx *db.Tx, company wire.CompanyID, name string) (T, error)) (*companies.Member, T, error) {
	type owned struct {
		owner       T
		fingerprint string // of the registered certificate that decided
	}
	var none T
	m, ok := s.Companies.Get(caller.Company)
	if !ok {
		return nil, none, apierr.LoginRefused("there is no company %d", caller.Company)
	}
	if !m.Certificates {
		return nil, none, apierr.Forbidden("the company does not let anybody log in by certificate")
	}
	found, err := db.Read(ctx, s.DB, func(tx *db.Tx) (o owned, err error) {
		judged, err := certs.Judge(tx, m.ID, m.CertificateBits, chain, hasOwn)
		if err != nil {
			return o, err
		}
		o.fingerprint = judged.Fingerprint
		o.owner, err = find(tx, m.ID, judged.CommonName)
		return o, err
	})
	var refused certs.Refused
	if errors.As(err, &refused) {
		return nil, none, apierr.LoginRefused("client certificate: %s", refused)
	}
	if err != nil {
		return nil, none, err
	}
	return m, found.owner, s.seen(ctx, m, found.fingerprint)
}

// seen notes that somebody logs in by a registered certificate. Empty: by none.
func (s *Service) seen(ctx context.Context, m *companies.Member, fingerprint string) error {
	if fingerprint == "" {
		return nil
	}
	_, err := db.Write(ctx, s.DB, func(tx *db.Tx) (struct{}, error) {
		return struct{}{}, certs.Seen(tx, m.ID, fingerprint)
	})
	return err
}

// certifiedUser is the service account that a client certificate stands for.
func certifiedUser(tx *db.Tx, company wire.CompanyID, name string) (users.User, error) {
	u, err := users.ByUsername(tx, company, name)
	if errors.Is(err, db.ErrNoRow) {
		return u, apierr.LoginRefused("client certificate: there is no account %q", name)
	}
	if err != nil {
		return u, err
	}
	if u.AccountType != auth.System {
		return u, apierr.Forbidden("the account %s is not a service account", u.ID)
	}
	if u.Barred(tx.Now()) {
		return u, apierr.LoginRefused("client certificate: the account %s is disabled or suspended", u.ID)
	}
	// A published rule: an application of the same name, with a certificate, takes precedence.
	a, err := apps.Find(tx, company, name)
	if errors.Is(err, db.ErrNoRow) {
		return u, nil
	}
	if err == nil && a.Enabled && a.Certificate != "" {
		return u, apierr.Forbidden("an application of the name %s logs in by certificate", a.ID)
	}
	return u, err
}
