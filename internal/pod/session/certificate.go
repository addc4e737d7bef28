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
	Handle:  op.Call((*Service).certificateKeyLogin),
}

type certificateInput struct {
	Peer op.Peer
}

func (s *Service) certificateLogin(ctx context.Context, caller auth.Caller, in certificateInput) (Token, error) {
	return again(func() (Token, error) {
		m, u, err := s.certifiedUser(ctx, caller, in.Peer.Certificates)
		if err != nil {
			return Token{}, err
		}
		return s.openForUser(ctx, m, u, byCertificate, in.Peer)
	})
}

func (s *Service) certificateKeyLogin(ctx context.Context, caller auth.Caller, in certificateInput) (Token, error) {
	return again(func() (Token, error) {
		m, u, err := s.certifiedUser(ctx, caller, in.Peer.Certificates)
		if err != nil {
			return Token{}, err
		}
		return s.openAtKeyManager(ctx, m, u, byCertificate, in.Peer)
	})
}

// certified is the company that takes certificates, and what a certificate says there; known is as certs.Judge takes it.
func (s *Service) certified(ctx context.Context, caller auth.Caller, chain []*x509.Certificate, known known) (*companies.Member, certs.Judged, error) {
	m, ok := s.Companies.Get(caller.Company)
	if !ok {
		return nil, certs.Judged{}, apierr.LoginRefused("there is no company %d", caller.Company)
	}
	if !m.Certificates {
		return nil, certs.Judged{}, apierr.Forbidden("the company does not let anybody log in by certificate")
	}
	judged, err := db.Read(ctx, s.DB, func(tx *db.Tx) (certs.Judged, error) {
		return certs.Judge(tx, m.ID, m.CertificateBits, chain, func(leaf *x509.Certificate) (bool, error) { return known(tx, m.ID, leaf) })
	})
	var refused certs.Refused
	if errors.As(err, &refused) {
		return nil, certs.Judged{}, apierr.LoginRefused("client certificate: %s", refused)
	}
	return m, judged, err
}

// known tells whether whoever a certificate names has it among his own data.
type known func(tx *db.Tx, company wire.CompanyID, leaf *x509.Certificate) (bool, error)

// nobodys is that of those who have no certificates among their data.
func nobodys(*db.Tx, wire.CompanyID, *x509.Certificate) (bool, error) { return false, nil }

// seen notes that somebody logs in by a registered certificate.
func (s *Service) seen(ctx context.Context, m *companies.Member, judged certs.Judged) error {
	if judged.Fingerprint == "" {
		return nil
	}
	_, err := db.Write(ctx, s.DB, func(tx *db.Tx) (struct{}, error) {
		return struct{}{}, certs.Seen(tx, m.ID, judged.Fingerprint)
	})
	return err
}

// certifiedUser is the service account that a client certificate stands for.
func (s *Service) certifiedUser(ctx context.Context, caller auth.Caller, chain []*x509.Certificate) (*companies.Member, users.User, error) {
	m, judged, err := s.certified(ctx, caller, chain, nobodys)
	if err != nil {
		return nil, users.User{}, err
	}
	u, err := db.Read(ctx, s.DB, func(tx *db.Tx) (users.User, error) {
		u, err := users.ByUsername(tx, m.ID, judged.CommonName)
		if errors.Is(err, db.ErrNoRow) {
			return u, apierr.LoginRefused("client certificate: there is no account %q", judged.CommonName)
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
		a, err := apps.Find(tx, m.ID, judged.CommonName)
		if errors.Is(err, db.ErrNoRow) {
			return u, nil
		}
		if err == nil && a.Enabled && a.Certificate != "" {
			return u, apierr.Forbidden("an application of the name %s logs in by certificate", a.ID)
		}
		return u, err
	})
	if err != nil {
		return nil, users.User{}, err
	}
	return m, u, s.seen(ctx, m, judged)
}
