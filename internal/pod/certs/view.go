package certs

import (
	"crypto/x509"
	"crypto/x509/pkix"
	"strings"
	"time"

	"podium/internal/wire"
)

// TypeObject is the published object around a type.
type TypeObject struct {
	Type Type `json:"type"`
}

// StatusObject is the published object around a status.
type StatusObject struct {
	Type Status `json:"type"`
}

// Attributes holds what an administrator sets of a certificate.
type Attributes struct {
	Name   string       `json:"name" maxLength:"256" doc:"A label; without one, the certificate's common name."`
	Type   TypeObject   `json:"type"`
	Status StatusObject `json:"status" doc:"KNOWN if absent."`
}

// Info holds what the pod knows of a certificate.
type Info struct {
	FingerPrint       string      `json:"fingerPrint" doc:"Its id: the SHA-256 of its DER, in lower-case hex."`
	IssuerFingerPrint string      `json:"issuerFingerPrint,omitempty" doc:"The registered certificate that signed it."`
	LastSeen          wire.Time   `json:"lastSeen" doc:"When it last opened a session; 0: never."`
	UpdatedAt         wire.Time   `json:"updatedAt" doc:"0: never."`
	UpdatedBy         wire.UserID `json:"updatedBy"`
	CommonName        string      `json:"commonName" doc:"The name of the account it is for."`
	ExpiryDate        wire.Time   `json:"expiryDate"`
}

// Listed is a certificate in a list.
type Listed struct {
	Attributes Attributes `json:"companyCertAttributes"`
	Info       Info       `json:"companyCertInfo"`
}

// Detail is a certificate with its content.
type Detail struct {
	Attributes Attributes `json:"companyCertAttributes"`
	Info       Info       `json:"companyCertInfo"`
	CertInfo   []Section  `json:"certInfo"`
}

// Section is a part of a certificate's text.
type Section struct {
	Name       string  `json:"name"`
	Attributes []Value `json:"attributes"`
}

// Value is a line of a Section.
type Value struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

func (c Certificate) listed() Listed {
	return Listed{
		Attributes: Attributes{Name: c.Name, Type: TypeObject{c.Type}, Status: StatusObject{c.Status}},
		Info: Info{
			FingerPrint: c.Fingerprint, IssuerFingerPrint: c.IssuedBy, LastSeen: c.LastSeen, UpdatedAt: c.Updated,
			UpdatedBy: c.UpdatedBy, CommonName: c.CommonName, ExpiryDate: c.Expires,
		},
	}
}

func listed(list []Certificate) []Listed {
	out := make([]Listed, len(list))
	for i, c := range list {
		out[i] = c.listed()
	}
	return out
}

func (c Certificate) detail(parsed *x509.Certificate) Detail {
	l := c.listed()
	return Detail{Attributes: l.Attributes, Info: l.Info, CertInfo: []Section{
		{Name: "General", Attributes: []Value{
			{"Issuer", distinguished(parsed.Issuer)},
			{"Subject", distinguished(parsed.Subject)},
			{"Signature Algorithm", signatureAlgorithm(parsed.SignatureAlgorithm)},
		}},
		{Name: "Validity", Attributes: []Value{
			{"Not Before", date(parsed.NotBefore)},
			{"Not After", date(parsed.NotAfter)},
		}},
		{Name: "Public Key", Attributes: []Value{
			{"Algorithm", parsed.PublicKeyAlgorithm.String()},
			{"Format", "X.509"},
		}},
	}}
}

// distinguished returns a distinguished name in the form of the published answers: C=GB O=Acme
// CN=bot.
func distinguished(name pkix.Name) string {
	var parts []string
	for _, rdn := range name.ToRDNSequence() {
		for _, attribute := range rdn {
			set := pkix.RDNSequence{{attribute}}
			parts = append(parts, strings.ReplaceAll(set.String(), `\`, ""))
		}
	}
	return strings.Join(parts, " ")
}

// date returns a time in Java's form, as the published answers do: Mon Jan 15 20:56:05 UTC 2018.
func date(t time.Time) string { return t.UTC().Format("Mon Jan 02 15:04:05 MST 2006") }

// signatureAlgorithm returns an algorithm under its Java name: SHA256withRSA.
func signatureAlgorithm(a x509.SignatureAlgorithm) string {
	if hash, ok := strings.CutSuffix(a.String(), "-RSA"); ok {
		return hash + "withRSA"
	}
	if hash, ok := strings.CutPrefix(a.String(), "ECDSA-"); ok {
		return hash + "withECDSA"
	}
	return a.String()
}
