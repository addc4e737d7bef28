package jose

import (
	"crypto/rsa"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strconv"
	"time"

	"github.com/golang-jwt/jwt/v5"
)

// policyID is in every access token; real tokens have no other.
const policyID = "app"

// AccessClaims holds the claims of an access token ("common JWT").
type AccessClaims struct {
	Expires      time.Time // whole seconds; the rest is cut off
	UserID       int64     // sub, written as a string
	PodID        int64     // ext_pod_id
	Entitlements string    // the granted scopes, separated by spaces; empty for plain access
	// 32 characters of 0-9a-f; the token is valid no longer than that session
	SessionID string
}

// SignAccess returns an access token: RS256, with the key's Thumbprint as kid. It has no "Bearer "
// in front, and no - or _ in its payload.
func SignAccess(key *rsa.PrivateKey, claims AccessClaims) (string, error) {
	text := append([]byte(nil), `{"exp":`...)
	text = strconv.AppendInt(text, claims.Expires.Unix(), 10)
	text = append(text, `,"sub":"`...)
	text = strconv.AppendInt(text, claims.UserID, 10)
	text = append(text, `","ext_pod_id":`...)
	text = strconv.AppendInt(text, claims.PodID, 10)
	text = append(text, `,"policy_id":"`+policyID+`","entitlements":`...)
	text = appendString(text, claims.Entitlements)
	text = append(text, `,"sessionId":`...)
	text = appendString(text, claims.SessionID)
	text = append(text, '}')
	header := `{"kid":"` + Thumbprint(&key.PublicKey) + `","alg":"RS256"}`
	return signRSA(jwt.SigningMethodRS256, header, text, key)
}

// signRSA signs header and payload and returns the three segments joined.
func signRSA(method *jwt.SigningMethodRSA, header string, payload []byte, key *rsa.PrivateKey) (string, error) {
	signed := encodeASCII([]byte(header)) + "." + encodeASCII(payload)
	signature, err := method.Sign(signed, key)
	if err != nil {
		return "", err
	}
	return signed + "." + base64.RawURLEncoding.EncodeToString(signature), nil
}

// VerifyAccess returns the claims of an access token that expires after now and that one of the
// keys signed with RS256. keys maps Thumbprints to keys. Claims are read only after the signature
// is verified. Errors wrap ErrMalformed, ErrAlgorithm, ErrNoKey, ErrSignature, ErrClaims or
// ErrTime.
func VerifyAccess(keys map[string]*rsa.PublicKey, token string, now time.Time) (AccessClaims, error) {
	parts, err := split(token)
	if err != nil {
		return AccessClaims{}, err
	}
	if parts.header["alg"] != "RS256" {
		return AccessClaims{}, fmt.Errorf("%w: alg is not RS256", ErrAlgorithm)
	}
	kid, _ := parts.header["kid"].(string)
	key := keys[kid]
	if key == nil || len(parts.header) != 2 { // alg and kid are all that SignAccess writes
		return AccessClaims{}, fmt.Errorf("%w: the header names no key of ours", ErrNoKey)
	}
	signature, err := decode(base64.RawURLEncoding, parts.signature)
	if err != nil {
		return AccessClaims{}, fmt.Errorf("%w: signature: %w", ErrMalformed, err)
	}
	if jwt.SigningMethodRS256.Verify(parts.signed, signature, key) != nil {
		return AccessClaims{}, ErrSignature
	}
	claims, err := accessClaims(parts.payload)
	if err != nil {
		return AccessClaims{}, err
	}
	if !now.Before(claims.Expires) {
		return AccessClaims{}, fmt.Errorf("%w: expired %v ago", ErrTime, now.Sub(claims.Expires))
	}
	return claims, nil
}

// accessClaims reads a payload whose signature is verified. Other tokens may be signed with the
// same key, so it still checks that this is an access token.
func accessClaims(segment string) (AccessClaims, error) {
	payload, err := decodeMembers(segment)
	if err != nil {
		return AccessClaims{}, fmt.Errorf("%w: payload: %w", ErrMalformed, err)
	}
	exp, isNumber := payload["exp"].(json.Number)
	pod, hasPod := payload["ext_pod_id"].(json.Number)
	sub, hasSub := payload["sub"].(string)
	entitlements, hasEntitlements := payload["entitlements"].(string)
	session, hasSession := payload["sessionId"].(string)
	if !isNumber || !hasPod || !hasSub || !hasEntitlements || !hasSession || payload["policy_id"] != policyID {
		return AccessClaims{}, fmt.Errorf("%w: not those of an access token", ErrClaims)
	}
	seconds, err1 := exp.Int64()
	podID, err2 := pod.Int64()
	userID, err3 := strconv.ParseInt(sub, 10, 64)
	if err1 != nil || err2 != nil || err3 != nil || len(session) != sessionIDLength || !isHex(session) {
		return AccessClaims{}, fmt.Errorf("%w: a number or the session id is malformed", ErrClaims)
	}
	return AccessClaims{
		Expires:      time.Unix(seconds, 0).UTC(),
		UserID:       userID,
		PodID:        podID,
		Entitlements: entitlements,
		SessionID:    session,
	}, nil
}

// JWKS returns the public keys with which clients verify access tokens, as the value of "keys" in
// the published answer. All members are strings: clients have no type for others.
func JWKS(keys ...*rsa.PublicKey) []map[string]string {
	set := make([]map[string]string, 0, len(keys))
	for _, key := range keys {
		n, e := parameters(key)
		set = append(set, map[string]string{
			"kty": "RSA", "use": "sig", "alg": "RS256", "kid": Thumbprint(key), "n": n, "e": e,
		})
	}
	return set
}
