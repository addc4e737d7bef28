package jose

import (
	"crypto/rsa"
	"encoding/json"
	"strconv"
	"time"

	"github.com/golang-jwt/jwt/v5"
)

// identityIssuer is what the official kits expect as iss.
const identityIssuer = "Symphony Communication Services LLC."

// IdentityClaims tells an extension app which user looks at it.
type IdentityClaims struct {
	AppID  string // aud
	UserID int64  // sub, written as a string: Java accepts either, and JWT requires a string
	// exp, in whole seconds, though the documentation says milliseconds: libraries read seconds
	Expires time.Time
	User    any // the object user; encoding/json writes it
}

// SignIdentity returns the JWT that the web client hands to an extension app: RS512, verified with
// the pod certificate. It fails for a User that JSON cannot express, or a key that is too short.
func SignIdentity(key *rsa.PrivateKey, claims IdentityClaims) (string, error) {
	text, err := json.Marshal(struct {
		Audience string `json:"aud"`
		Issuer   string `json:"iss"`
		Subject  string `json:"sub"`
		Expires  int64  `json:"exp"`
		User     any    `json:"user"`
	}{
		Audience: claims.AppID,
		Issuer:   identityIssuer,
		Subject:  strconv.FormatInt(claims.UserID, 10),
		Expires:  claims.Expires.Unix(),
		User:     claims.User,
	})
	if err != nil {
		return "", err
	}
	return signRSA(jwt.SigningMethodRS512, `{"alg":"RS512"}`, text, key)
}
