package jose

import (
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"strings"
)

// Real key-manager tokens are long and of hex, and start like this.
const (
	keyManagerPrefix = "0100"
	keyManagerLength = len(keyManagerPrefix) + sessionIDLength + 2*sha256.Size
)

// SignKeyManager makes the key-manager token of a session, 100 characters of 0-9a-f. One
// session has one, and it is good as long as the session is; an id that is not of 32
// characters of 0-9a-f gives a token that is never taken.
func SignKeyManager(key *SessionKey, sessionID string) string {
	signed := keyManagerPrefix + sessionID
	sum := key.keyManager.of(signed)
	return signed + hex.EncodeToString(sum[:])
}

// VerifyKeyManager gives the session id of a key-manager token that one of the keys has
// signed. Any other text is ErrSession.
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
