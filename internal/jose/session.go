package jose

import (
	"bytes"
	"crypto/subtle"
	"encoding/base64"
	"strconv"
	"strings"
)

const (
	maxSessionToken  = 8 << 10 // bytes
	sessionIDLength  = 32
	sessionMACLength = 43 // 32 bytes in base64url

	// {"alg":"HS256","typ":"JWT"}
	sessionHeader = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9."
)

// SessionClaims holds the claims of a session token. Clients read some of them; the pod reads only
// SessionID and reads the rest from its database.
type SessionClaims struct {
	Subject        string   // username; empty for an app's own session
	SessionID      string   // 32 characters of 0-9a-f; a token with any other is refused
	UserID         int64    // 0 for an app's own session
	AppGroupID     string   // id of the app, if an app acts
	AppPermissions []string // written only together with AppGroupID
}

// SignSession returns a session token. It has the form of a JWT, because Postman reads userId from
// it. The official kits look for a claim that is left out on purpose (canUseSimplifiedKeyDelivery).
// Its payload has no - or _. It carries no time: the database knows whether the session is alive.
// Bytes in the claims that are not UTF-8 become U+FFFD.
func SignSession(key *SessionKey, claims SessionClaims) string {
	signed := sessionHeader + encodeASCII(claims.appendJSON(nil))
	sum := key.session.of(signed)
	return signed + "." + base64.RawURLEncoding.EncodeToString(sum[:])
}

// appendJSON appends the members in the order of real tokens. sessionID below relies on that order.
func (c SessionClaims) appendJSON(to []byte) []byte {
	to = append(to, '{')
	if c.Subject != "" {
		to = append(to, `"sub":`...)
		to = appendString(to, c.Subject)
		to = append(to, ',')
	}
	to = append(to, `"iss":"symphony","sessionId":`...)
	to = appendString(to, c.SessionID)
	if c.UserID != 0 {
		to = append(to, `,"userId":"`...)
		to = strconv.AppendInt(to, c.UserID, 10)
		to = append(to, '"')
	}
	if c.AppGroupID != "" {
		to = append(to, `,"appGroupId":`...)
		to = appendString(to, c.AppGroupID)
		to = append(to, `,"appPermissions":[`...)
		for i, permission := range c.AppPermissions {
			if i > 0 {
				to = append(to, ',')
			}
			to = appendString(to, permission)
		}
		to = append(to, ']')
	}
	return append(to, '}')
}

// VerifySession returns the session id of a session token that one of the keys has signed. For any
// other text it fails with ErrSession. It reads the token only after its MAC is verified.
func VerifySession(keys SessionKeys, token string) (sessionID string, err error) {
	end := len(token) - sessionMACLength - 1
	if end < 0 || len(token) > maxSessionToken || token[end] != '.' {
		return "", ErrSession
	}
	for _, key := range [...]*SessionKey{keys.Current, keys.Previous} {
		if key != nil && key.session.signedSession(token[:end], token[end+1:]) {
			return key.session.sessionID(token[:end])
		}
	}
	return "", ErrSession
}

// signedSession compares the MAC as text, so that it has only one valid spelling.
func (m *mac) signedSession(signed, given string) bool {
	sum := m.of(signed)
	var right [sessionMACLength]byte
	base64.RawURLEncoding.Encode(right[:], sum[:])
	return subtle.ConstantTimeCompare(right[:], []byte(given)) == 1
}

// sessionID reads the id from what SignSession wrote. It accepts no other JSON.
func (m *mac) sessionID(signed string) (string, error) {
	payload, ok := strings.CutPrefix(signed, sessionHeader)
	if !ok {
		return "", ErrSession
	}
	state := m.pool.Get().(*macState)
	defer m.pool.Put(state)
	var err error
	state.scratch, err = base64.RawURLEncoding.AppendDecode(state.scratch[:0], []byte(payload))
	if err != nil {
		return "", ErrSession
	}
	text := state.scratch
	if after, ok := bytes.CutPrefix(text, []byte(`{"sub":"`)); ok {
		_, after, ok = bytes.Cut(after, []byte(`",`))
		if !ok {
			return "", ErrSession
		}
		text = after
	} else if text, ok = bytes.CutPrefix(text, []byte(`{`)); !ok {
		return "", ErrSession
	}
	text, ok = bytes.CutPrefix(text, []byte(`"iss":"symphony","sessionId":"`))
	if !ok || len(text) <= sessionIDLength || text[sessionIDLength] != '"' {
		return "", ErrSession
	}
	id := string(text[:sessionIDLength])
	if !isHex(id) {
		return "", ErrSession
	}
	return id, nil
}

// isHex reports whether a text consists of 0-9a-f only.
func isHex(text string) bool {
	for _, c := range []byte(text) {
		if (c < '0' || c > '9') && (c < 'a' || c > 'f') {
			return false
		}
	}
	return true
}
