package session

import (
	"context"
	"crypto/rsa"
	"slices"
	"strings"
	"time"

	"podium/internal/apierr"
	"podium/internal/auth"
	"podium/internal/jose"
	"podium/internal/op"
	"podium/internal/pod/companies"
	"podium/internal/wire"
)

// accessLife is how long an access token is valid, as in published samples. It never outlives its
// session.
const accessLife = 5 * time.Minute

// scopes maps the published scopes to the right that each needs.
var scopes = map[string]auth.Right{
	"profile-manager":            auth.CanCreateDistributionList,
	"at2":                        auth.ViewPrivilegedUserAuditTrail,
	"community:accounts:onboard": auth.AccessUserProvisioningAPI,
	"sym-files":                  auth.AccessExportedMessageContent,
}

var accessToken = op.Operation[Service]{
	ID:      "createAccessToken",
	Route:   "POST /login/idm/tokens",
	Tag:     "Authentication",
	Summary: "Exchange a session token for a short-lived access token.",
	About:   "Scopes are separated by spaces: profile-manager, at2, community:accounts:onboard, sym-files. The token is a JWT, RS256, which the keys of /login/idm/keys verify. A session of the console gets none and needs none.",
	Needs:   auth.AnyUserBySession,
	Opens:   []auth.Permission{auth.ActAsUser},
	Handle:  op.Call((*Service).accessToken),
}

type accessInput struct {
	Scope string `query:"scope" required:"false" maxLength:"1024"`
}

// AccessToken is an access token in the form of OAuth 2.
type AccessToken struct {
	TokenType   string `json:"token_type" doc:"Bearer."`
	ExpiresIn   int64  `json:"expires_in" doc:"Seconds."`
	AccessToken string `json:"access_token" doc:"A JWT, without the word Bearer in front."`
}

func (s *Service) accessToken(ctx context.Context, caller auth.Caller, in accessInput) (AccessToken, error) {
	if caller.ByCookie {
		return AccessToken{}, apierr.Forbidden("a page of the console gets no tokens; its session needs none")
	}
	wanted := strings.Fields(in.Scope)
	slices.Sort(wanted)
	wanted = slices.Compact(wanted)
	for _, scope := range wanted {
		right, ok := scopes[scope]
		if !ok {
			return AccessToken{}, apierr.Forbidden("there is no such scope")
		}
		if !caller.May(right) {
			return AccessToken{}, apierr.Forbidden("the scope %s needs the right %s", scope, right)
		}
	}
	m, ok := s.Companies.Get(caller.Company)
	if !ok {
		return AccessToken{}, apierr.InvalidSession("there is no company %d", caller.Company)
	}
	p, err := s.find(ctx, caller.Company, caller.Session)
	if err != nil {
		return AccessToken{}, err
	}
	token, err := s.signAccess(m, caller.User, caller.Session, p.expires, strings.Join(wanted, " "))
	life := min(int64(accessLife.Seconds()), int64(p.expires-s.DB.Now())/1000)
	return AccessToken{TokenType: "Bearer", ExpiresIn: life, AccessToken: token}, err
}

// signAccess returns an access token for a session that ends at a given time.
func (s *Service) signAccess(m *companies.Member, user wire.UserID, session string, ends wire.Time, granted string) (string, error) {
	return jose.SignAccess(m.PrivateKey, jose.AccessClaims{
		Expires: min(s.DB.Now().Add(accessLife), ends).Std(),
		UserID:  int64(user), PodID: int64(m.ID), Entitlements: granted, SessionID: session,
	})
}

var accessKeys = op.Operation[Service]{
	ID:      "listAccessTokenKeys",
	Route:   "GET /login/idm/keys",
	Tag:     "Authentication",
	Summary: "Read the public keys that verify access tokens, as a JWKS.",
	Needs:   auth.Anyone,
	Handle:  op.Call((*Service).accessKeys),
}

type nothing struct{}

// KeySet is a JSON Web Key Set.
type KeySet struct {
	Keys []map[string]string `json:"keys"`
}

func (s *Service) accessKeys(_ context.Context, caller auth.Caller, _ nothing) (KeySet, error) {
	m, ok := s.Companies.Get(caller.Company)
	if !ok {
		return KeySet{}, apierr.Unavailable("company %d is gone", caller.Company)
	}
	var keys []*rsa.PublicKey
	for _, key := range m.PublicKeys {
		keys = append(keys, key)
	}
	return KeySet{Keys: jose.JWKS(keys...)}, nil
}

var podCertificate = op.Operation[Service]{
	ID:      "getPodCertificate",
	Route:   "GET /pod/v1/podcert",
	Tag:     "Pod",
	Summary: "Read the certificate that verifies the pod's signatures for extension applications.",
	Needs:   auth.Anyone,
	Handle:  op.Call((*Service).podCertificate),
}

var podCertificateForApps = op.Operation[Service]{
	ID:      "getPodCertificateForApps",
	Route:   "GET /sessionauth/v1/app/pod/certificate",
	Tag:     "CertificatePod",
	Summary: "Read the pod certificate; the form beside certificate login.",
	Needs:   auth.Anyone,
	Handle:  op.Call((*Service).podCertificate),
}

// PodCertificate is the pod's certificate.
type PodCertificate struct {
	Certificate string `json:"certificate" doc:"One X.509 certificate in PEM."`
}

func (s *Service) podCertificate(_ context.Context, caller auth.Caller, _ nothing) (PodCertificate, error) {
	m, ok := s.Companies.Get(caller.Company)
	if !ok {
		return PodCertificate{}, apierr.Unavailable("company %d is gone", caller.Company)
	}
	return PodCertificate{Certificate: m.Certificate}, nil
}
