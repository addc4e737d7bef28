package jose

import (
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"strings"
)

// Real key-manager tokens are long, in hex, and begin with this prefix.
const (
	keyManagerPrefix = "0100"
	keyManagerLength = len(keyManagerPrefix) + sessionIDLength + 2*sha256.Size
)

// SignKeyManager returns the key-manager token of a session: 100 characters of 0-9a-f. It is always
// the same for one session and is valid as long as the session. For an id that is not 32 characters
// of 0-9a-f, VerifyKeyManager refuses the token.
func SignKeyManager(key *SessionKey, sessionID string) string {
	signed := keyManagerPrefix + sessionID
	sum := key.keyManager.of(signed)
	return signed + hex.EncodeToString(sum[:])
}

// VerifyKeyManager returns the session id of a key-manager token that one of the keys has signed.
// For any other text it fails with ErrSession.
func VerifyKeyManager(keys SessionKeys, token string) (sessionID string, err error) {
	if len(token) != keyManagerLength || !strings.HasPrefix(token, keyManagerPrefix) {
		return "", ErrSession
	}
	signed, given := token[:len(keyManagerPrefix)+sessionIDLength], token[len(keyManagerPrefix)+sessionIDLength:]
	for _, key := range [...]*SessionKey{keys.Current, keys.Previous} {
		if key != nil && key.keyManager.signedKeyManager(signed, given) {
			sessionID = signed[len(keyManagerPrefix):]
			if !isHex(sessionID) {
				return "", ErrSession
			}
			return sessionID, nil
		}
	}
	return "", ErrSession
}

func (m *mac) signedKeyManager(signed, given string) bool {
	sum := m.of(signed)
	var right [2 * sha256.Size]byte
	hex.Encode(right[:], sum[:])
	return subtle.ConstantTimeCompare(right[:], []byte(given)) == 1
}
