package jose

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// Limits of a login JWT, in bytes.
const (
	maxSubject   = 256
	minSignature = minKeyBits / 8
	maxSignature = maxKeyBits / 8
)

// LoginClaims holds the claims of a login JWT that the pod reads. It ignores all others.
type LoginClaims struct {
	// username of an account, or id of an application; up to 256 bytes, no control characters
	Subject string
	Expires time.Time // from exp, which is in seconds and may have a fraction
}

// Login is a login JWT that has been parsed but not verified.
type Login struct {
	claims    LoginClaims
	exp       float64 // seconds since 1970
	signed    string
	signature []byte
}

// ParseLogin parses a login JWT and checks all that needs neither key nor clock. The result is not
// authenticated: find the keys of its Subject, then call Verify. Errors wrap ErrMalformed,
// ErrAlgorithm, ErrHeader or ErrClaims.
func ParseLogin(token string) (*Login, error) {
	parts, err := split(token)
	if err != nil {
		return nil, err
	}
	if err := checkLoginHeader(parts.header); err != nil {
		return nil, err
	}
	l := &Login{signed: parts.signed}
	if l.signature, err = decodeLoginSignature(parts.signature); err != nil {
		return nil, err
	}
	payload, err := decodeMembers(parts.payload)
	if err != nil {
		return nil, fmt.Errorf("%w: payload: %w", ErrMalformed, err)
	}
	if l.claims.Subject, err = subject(payload["sub"]); err != nil {
		return nil, err
	}
	if l.exp, err = numericDate(payload["exp"]); err != nil {
		return nil, err
	}
	l.claims.Expires = instant(l.exp)
	return l, nil
}

// Subject returns the account name in the token, unverified until Verify has returned nil.
func (l *Login) Subject() string { return l.claims.Subject }

// Claims returns the claims of the token, unverified until Verify has returned nil.
func (l *Login) Claims() LoginClaims { return l.claims }

// checkLoginHeader requires RS512 and refuses members that name a key or change the rules. It
// ignores kid, typ and unknown members.
func checkLoginHeader(header map[string]any) error {
	if header["alg"] != "RS512" {
		return fmt.Errorf("%w: alg is not RS512", ErrAlgorithm)
	}
	for name := range header {
		switch name = fold(name); name {
		case "crit", "b64", "jku", "jwk", "x5u", "x5c", "x5t", "x5t#s256":
			return fmt.Errorf("%w: %s", ErrHeader, name)
		}
	}
	return nil
}

// decodeLoginSignature decodes base64url without padding, as JWS requires, or plain base64 with
// padding, which the vendor's Postman collection sends. It refuses a mixture.
func decodeLoginSignature(text string) ([]byte, error) {
	encoding := base64.RawURLEncoding
	if strings.ContainsAny(text, "+/=") {
		encoding = base64.StdEncoding
	}
	signature, err := decode(encoding, text)
	if err != nil {
		return nil, fmt.Errorf("%w: signature: %w", ErrMalformed, err)
	}
	if len(signature) < minSignature || len(signature) > maxSignature {
		return nil, fmt.Errorf("%w: a signature of %d bytes fits no key", ErrMalformed, len(signature))
	}
	return signature, nil
}

// subject returns a claim sub. A lone surrogate, which is no character, is U+FFFD here.
func subject(claim any) (string, error) {
	text, ok := claim.(string)
	if !ok || text == "" {
		return "", fmt.Errorf("%w: sub is not a string, or empty", ErrClaims)
	}
	if len(text) > maxSubject {
		return "", fmt.Errorf("%w: sub is longer than %d bytes", ErrClaims, maxSubject)
	}
	if strings.ContainsRune(text, utf8.RuneError) || strings.ContainsFunc(text, unicode.IsControl) {
		return "", fmt.Errorf("%w: sub has characters that no name has", ErrClaims)
	}
	return text, nil
}

// numericDate returns a claim in seconds since 1970 (RFC 7519, section 2), which may have a
// fraction. It must be above 0 and below 2^40, so that milliseconds are refused.
func numericDate(claim any) (float64, error) {
	number, ok := claim.(json.Number)
	if !ok {
		return 0, fmt.Errorf("%w: exp is not a number", ErrClaims)
	}
	seconds, err := strconv.ParseFloat(string(number), 64)
	if err != nil || seconds <= 0 || seconds >= 1<<40 {
		return 0, fmt.Errorf("%w: exp is not a time in seconds", ErrClaims)
	}
	return seconds, nil
}

func instant(seconds float64) time.Time {
	whole, fraction := math.Modf(seconds)
	return time.Unix(int64(whole), int64(fraction*1e9)).UTC()
}
