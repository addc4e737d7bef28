package session

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"time"

	"podium/internal/apierr"
	"podium/internal/auth"
	"podium/internal/db"
	"podium/internal/op"
	"podium/internal/pod/apps"
	"podium/internal/pod/companies"
	"podium/internal/wire"
)

// symphonyTokenLife is how long a token pair of an extension application is valid. The published
// description gives no duration.
const symphonyTokenLife = 24 * time.Hour

var extensionLogin = op.Operation[Service]{
	ID:      "authenticateExtensionApp",
	Route:   "POST /login/v1/pubkey/app/authenticate/extensionApp",
	Tag:     "Authentication",
	Summary: "Exchange tokens with an extension application, by RSA key.",
	About: "The application gives a token of its own choice and gets one of the pod's. Each " +
		"later recognises the other by it.",
	Needs:  auth.Anyone,
	Also:   []int{401},
	Login:  true,
	Handle: op.Call((*Service).extensionLogin),
}

var extensionCertificateLogin = op.Operation[Service]{
	ID:         "authenticateExtensionAppByCertificate",
	Route:      "POST /sessionauth/v1/authenticate/extensionApp",
	Tag:        "CertificateAuthentication",
	Summary:    "Exchange tokens with an extension application, by certificate.",
	Needs:      auth.Anyone,
	Also:       []int{401},
	Deprecated: true,
	Login:      true,
	Handle:     op.Call((*Service).extensionCertificateLogin),
}

type extensionInput struct {
	Body struct {
		AppToken  string `json:"appToken" maxLength:"1024" doc:"A token of the application's choice, 1 to 1,024 characters."`
		AuthToken string `json:"authToken" maxLength:"2000000" doc:"A JWT, signed by the application's private key."`
	}
}

func (in extensionInput) Validate() error {
	if in.Body.AuthToken == "" {
		return apierr.Invalid("authToken: it is required")
	}
	return checkAppToken(in.Body.AppToken)
}

type extensionCertificateInput struct {
	Peer op.Peer
	Body struct {
		AppToken string `json:"appToken" maxLength:"1024" doc:"A token of the application's choice, 1 to 1,024 characters."`
	}
}

func (in extensionCertificateInput) Validate() error { return checkAppToken(in.Body.AppToken) }

func checkAppToken(token string) error {
	if token == "" || len(token) > 1024 {
		return apierr.Invalid("appToken: it has between 1 and 1024 characters")
	}
	return nil
}

// ExtensionTokens is a pair of tokens.
type ExtensionTokens struct {
	AppID         string    `json:"appId"`
	AppToken      string    `json:"appToken" doc:"The application's token, as given."`
	SymphonyToken string    `json:"symphonyToken" doc:"The pod's token."`
	ExpireAt      wire.Time `json:"expireAt"`
}

func (s *Service) extensionLogin(ctx context.Context, caller auth.Caller, in extensionInput) (ExtensionTokens, error) {
	return again(func() (ExtensionTokens, error) {
		m, a, err := s.verifyApp(ctx, caller, in.Body.AuthToken)
		if err != nil {
			return ExtensionTokens{}, err
		}
		return s.exchange(ctx, m, a, in.Body.AppToken, byKey)
	})
}

func (s *Service) extensionCertificateLogin(ctx context.Context, caller auth.Caller, in extensionCertificateInput) (ExtensionTokens, error) {
	return again(func() (ExtensionTokens, error) {
		m, a, hold, err := certified(ctx, s, caller, in.Peer.Certificates, apps.Certified, certifiedApp)
		if err != nil {
			return ExtensionTokens{}, err
		}
		return s.exchange(ctx, m, a, in.Body.AppToken, hold)
	})
}

// errAppChanged reports that an application changed between the check of its key or certificate and
// the exchange of tokens: both begin again.
var errAppChanged = errors.New("the application changed during the login")

// unchanged locks the application and fails with errAppChanged if its sessions were ended since it
// was read, or if it is gone.
func unchanged(tx *db.Tx, a apps.App) error {
	held, err := apps.Lock(tx, a.Company, a.ID)
	if errors.Is(err, db.ErrNoRow) || err == nil && (held.Epoch != a.Epoch || !held.Enabled) {
		return errAppChanged
	}
	return err
}

// exchange stores a pair of tokens and returns it. Lock order: application, certificates.
func (s *Service) exchange(ctx context.Context, m *companies.Member, a apps.App, appToken string, hold holding) (ExtensionTokens, error) {
	secret := make([]byte, 32)
	rand.Read(secret)
	pair := ExtensionTokens{AppID: a.ID, AppToken: appToken, SymphonyToken: hex.EncodeToString(secret)}
	return db.Write(ctx, s.DB, func(tx *db.Tx) (ExtensionTokens, error) {
		if err := unchanged(tx, a); err != nil {
			return ExtensionTokens{}, err
		}
		pair.ExpireAt = tx.Now().Add(symphonyTokenLife)
		err := tx.Exec(`
			INSERT INTO app_tokens (company, app, app_token, symphony_token, expires)
			VALUES ($1, $2, $3, $4, $5)
			ON CONFLICT (company, app, app_token) DO UPDATE SET symphony_token = excluded.symphony_token, expires = excluded.expires`,
			m.ID, a.ID, appToken, pair.SymphonyToken, pair.ExpireAt)
		if err != nil {
			return ExtensionTokens{}, err
		}
		return pair, hold(tx)
	})
}
