package jose

import (
	"crypto/hmac"
	"encoding/hex"
	"errors"
)

// ErrLink is the error for any signature of a link that this pod has not made.
var ErrLink = errors.New("not a signature of this pod")

// SignLink returns the signature of what a link grants: 64 hexadecimal digits.
func SignLink(keys SessionKeys, grants string) (string, error) {
	if keys.Current == nil {
		return "", errors.New("there is no session key to sign with")
	}
	sum := keys.Current.link.of(grants)
	return hex.EncodeToString(sum[:]), nil
}

// VerifyLink fails with ErrLink unless the current or the previous key has signed what a link
// grants. The comparison takes the same time for every signature.
func VerifyLink(keys SessionKeys, grants, signature string) error {
	given, err := hex.DecodeString(signature)
	if err != nil {
		return ErrLink
	}
	for _, key := range []*SessionKey{keys.Current, keys.Previous} {
		if key == nil {
			continue
		}
		if sum := key.link.of(grants); hmac.Equal(given, sum[:]) {
			return nil
		}
	}
	return ErrLink
}
