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

// IdentityClaims tell an extension app who looks at it.
type IdentityClaims struct {
	AppID   string    // aud
	UserID  int64     // sub, written as a string: Java takes either, and JWT wants a string
	Expires time.Time // exp, in whole seconds, though the documentation says milliseconds: libraries read seconds
	User    any       // the object user; it goes through encoding/json
}

// SignIdentity makes the JWT that the web client hands to an extension app: RS512, to be
// verified with the pod certificate. The error is a User that JSON cannot express, or a
// key too short.
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
