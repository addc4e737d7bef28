package main

import (
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"math/big"
	"net"
	"strings"
	"time"

	"software.sslmate.com/src/go-pkcs12"

	"podium/internal/apierr"
	"podium/internal/auth"
	"podium/internal/db"
	"podium/internal/pod"
	"podium/internal/pod/certs"
	"podium/internal/pod/seed"
)

// devPassword is the password of PKCS#12 files: the Java kit insists on one.
const devPassword = "changeit"

// devCertificateLife is how long development certificates are good.
const devCertificateLife = 5 * 365 * 24 * time.Hour

// authority issues certificates.
type authority struct {
	certificate *x509.Certificate
	key         crypto.Signer
}

// makeTLS makes what https and certificate login need, unless an earlier run did: a CA and a
// certificate for the server, and for each company a CA of its own that vouches for client
// certificates of its bot and application.
func (f devFolder) makeTLS(ctx context.Context, p *pod.Pod, demos []seed.Demo) error {
	if fileExists(f.path("tls", "ready")) {
		return nil
	}
	if err := f.makeServerTLS(); err != nil {
		return err
	}
	for _, demo := range demos {
		if err := f.makeClientTLS(ctx, p, demo); err != nil {
			return err
		}
	}
	return f.write(nil, "tls", "ready")
}

func (f devFolder) makeServerTLS() error {
	ca, err := newAuthority("Podium development CA")
	if err != nil {
		return err
	}
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return err
	}
	server, err := ca.issue(&x509.Certificate{
		Subject: pkix.Name{CommonName: "localhost"}, DNSNames: []string{"localhost"},
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1), net.IPv6loopback},
		KeyUsage:    x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}, key.Public())
	if err != nil {
		return err
	}
	private, err := privatePEM(key)
	if err != nil {
		return err
	}
	trust, err := pkcs12.Modern.EncodeTrustStore([]*x509.Certificate{ca.certificate}, devPassword)
	if err != nil {
		return err
	}
	return errors.Join(
		f.write(certificatePEM(ca.certificate), "tls", "ca.pem"),
		f.write(trust, "tls", "truststore.p12"),
		f.write(certificatePEM(server), "tls", "server.pem"),
		f.write(private, "tls", "server-key.pem"),
	)
}

func (f devFolder) makeClientTLS(ctx context.Context, p *pod.Pod, demo seed.Demo) error {
	ca, err := newAuthority(demo.Company.Name + " development client CA")
	if err != nil {
		return err
	}
	if err := f.write(certificatePEM(ca.certificate), "tls", strings.ToLower(demo.Company.Name)+"-ca.pem"); err != nil {
		return err
	}
	names := []string{demo.Bot.Username}
	if demo.App != nil {
		names = append(names, demo.App.ID)
	}
	for _, name := range names {
		if err := f.makeClient(ca, name); err != nil {
			return err
		}
	}
	_, err = db.Write(ctx, p.DB, func(tx *db.Tx) (struct{}, error) {
		_, err := p.Certs.Register(tx, auth.Caller{Company: demo.Company.ID}, ca.certificate, certs.Attributes{
			Name: ca.certificate.Subject.CommonName,
			Type: certs.TypeObject{Type: certs.UserSigning}, Status: certs.StatusObject{Type: certs.Trusted},
		})
		var refused *apierr.Error
		if errors.As(err, &refused) {
			err = errors.New(refused.Message)
		}
		return struct{}{}, err
	})
	return err
}

// makeClient makes a certificate for the key that the account already has, in the forms that
// the kits read.
func (f devFolder) makeClient(ca *authority, name string) error {
	key, err := f.key(name, false)
	if err != nil {
		return err
	}
	certificate, err := ca.issue(&x509.Certificate{
		Subject:  pkix.Name{CommonName: name},
		KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth},
	}, &key.PublicKey)
	if err != nil {
		return err
	}
	private, err := privatePEM(key)
	if err != nil {
		return err
	}
	store, err := pkcs12.Modern.Encode(key, certificate, []*x509.Certificate{ca.certificate}, devPassword)
	if err != nil {
		return err
	}
	return errors.Join(
		f.write(append(certificatePEM(certificate), private...), "tls", name+".pem"),
		f.write(store, "tls", name+".p12"),
	)
}

func newAuthority(name string) (*authority, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	self := &authority{key: key}
	template := &x509.Certificate{
		Subject: pkix.Name{CommonName: name, Organization: []string{"Podium"}}, IsCA: true, BasicConstraintsValid: true,
		KeyUsage: x509.KeyUsageCertSign | x509.KeyUsageCRLSign,
	}
	self.certificate, err = self.issue(template, key.Public())
	return self, err
}

// issue signs a certificate; an authority without one signs its own.
func (a *authority) issue(template *x509.Certificate, key crypto.PublicKey) (*x509.Certificate, error) {
	serial, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 120))
	if err != nil {
		return nil, err
	}
	template.SerialNumber = serial
	template.NotBefore = time.Now().Add(-time.Hour)
	template.NotAfter = time.Now().Add(devCertificateLife)
	parent := a.certificate
	if parent == nil {
		parent = template
	}
	der, err := x509.CreateCertificate(rand.Reader, template, parent, key, a.key)
	if err != nil {
		return nil, err
	}
	return x509.ParseCertificate(der)
}

func certificatePEM(c *x509.Certificate) []byte {
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: c.Raw})
}

func privatePEM(key crypto.Signer) ([]byte, error) {
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return nil, err
	}
	return pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}), nil
}
