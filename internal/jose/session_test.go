package jose

import (
	"encoding/base64"
	"encoding/hex"
	"errors"
	"strings"
	"testing"
)

const sessionID = "5d2c9b7e41f04a6c8e13a0b6d7f2c915"

func sessionKey(t testing.TB, fill string) *SessionKey {
	t.Helper()
	key, err := NewSessionKey([]byte(strings.Repeat(fill, minSecret)))
	if err != nil {
		t.Fatal(err)
	}
	return key
}

// payloadOf decodes a payload as Java and Postman do: with the plain alphabet.
func payloadOf(t testing.TB, token string) string {
	t.Helper()
	_, segment, _ := segments(token)
	if strings.ContainsAny(segment, "-_") {
		t.Fatalf("the payload has - or _: %s", segment)
	}
	text, err := base64.RawStdEncoding.DecodeString(segment)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestSession(t *testing.T) {
	t.Parallel()
	keys := SessionKeys{Current: sessionKey(t, "k")}
	for name, test := range map[string]struct {
		claims SessionClaims
		want   string
	}{
		"of a user": {
			SessionClaims{Subject: "quote-bot", SessionID: sessionID, UserID: 13056700580915},
			`{"sub":"quote-bot","iss":"symphony","sessionId":"` + sessionID + `","userId":"13056700580915"}`,
		},
		"of an app": {
			SessionClaims{SessionID: sessionID, AppGroupID: "trade-blotter"},
			`{"iss":"symphony","sessionId":"` + sessionID + `","appGroupId":"trade-blotter","appPermissions":[]}`,
		},
		"on behalf of a user": {
			SessionClaims{
				Subject: "jane", SessionID: sessionID, UserID: 7,
				AppGroupID: "trade-blotter", AppPermissions: []string{"SEND_MESSAGES", "GET_PRESENCE"},
			},
			`{"sub":"jane","iss":"symphony","sessionId":"` + sessionID +
				`","userId":"7","appGroupId":"trade-blotter","appPermissions":["SEND_MESSAGES","GET_PRESENCE"]}`,
		},
		"of a name with everything": {
			SessionClaims{Subject: "a>?~\x7f\"\\\n/<&é€😀\xff", SessionID: sessionID, UserID: 7},
			`{"sub":"a\u003e\u003f\u007e\u007f\u0022\u005c\u000a/<&\u00e9\u20ac\ud83d\ude00\ufffd","iss":"symphony","sessionId":"` +
				sessionID + `","userId":"7"}`,
		},
		"of a name that plays a session id": {
			SessionClaims{Subject: `","iss":"symphony","sessionId":"` + strings.Repeat("0", 32) + `"`, SessionID: sessionID},
			`{"sub":"\u0022,\u0022iss\u0022:\u0022symphony\u0022,\u0022sessionId\u0022:\u0022` + strings.Repeat("0", 32) +
				`\u0022","iss":"symphony","sessionId":"` + sessionID + `"}`,
		},
	} {
		token := SignSession(keys.Current, test.claims)
		if got := payloadOf(t, token); got != test.want {
			t.Errorf("%s:\n%s, not\n%s", name, got, test.want)
		}
		header, _, _ := segments(token)
		if header != encode(`{"alg":"HS256","typ":"JWT"}`) {
			t.Errorf("%s: header %s", name, header)
		}
		if got, err := VerifySession(keys, token); got != sessionID || err != nil {
			t.Errorf("%s: %q, %v", name, got, err)
		}
	}
}

func TestSessionKeysRotate(t *testing.T) {
	t.Parallel()
	first, second, third := sessionKey(t, "1"), sessionKey(t, "2"), sessionKey(t, "3")
	session := SignSession(first, SessionClaims{SessionID: sessionID})
	keyManager := SignKeyManager(first, sessionID)
	for name, test := range map[string]struct {
		keys SessionKeys
		want error
	}{
		"before":            {SessionKeys{Current: first}, nil},
		"during":            {SessionKeys{Current: second, Previous: first}, nil},
		"only the previous": {SessionKeys{Previous: first}, nil},
		"after":             {SessionKeys{Current: third, Previous: second}, ErrSession},
		"no keys":           {SessionKeys{}, ErrSession},
	} {
		if _, err := VerifySession(test.keys, session); !errors.Is(err, test.want) {
			t.Errorf("%s: session token: %v, not %v", name, err, test.want)
		}
		if _, err := VerifyKeyManager(test.keys, keyManager); !errors.Is(err, test.want) {
			t.Errorf("%s: key-manager token: %v, not %v", name, err, test.want)
		}
	}
}

func TestSessionRefuses(t *testing.T) {
	t.Parallel()
	key := sessionKey(t, "k")
	keys := SessionKeys{Current: key, Previous: sessionKey(t, "p")}
	good := SignSession(key, SessionClaims{Subject: "bot", SessionID: sessionID, UserID: 7})
	header, payload, mac := segments(good)
	withID := func(id string) string { return SignSession(key, SessionClaims{Subject: "bot", SessionID: id}) }
	for name, token := range map[string]string{
		"empty":                       "",
		"a word":                      "x",
		"dots":                        strings.Repeat(".", 100),
		"only a MAC":                  "." + mac,
		"no MAC":                      header + "." + payload + ".",
		"MAC cut":                     good[:len(good)-1],
		"MAC longer":                  good + "A",
		"MAC padded":                  good + "=",
		"line break behind":           good + "\n",
		"line break in the MAC":       good[:len(good)-4] + "\n" + good[len(good)-4:],
		"space in front":              " " + good,
		"MAC with loose bits":         loosenMAC(good),
		"another payload":             header + "." + encode(`{"iss":"symphony","sessionId":"`+sessionID+`"}`) + "." + mac,
		"alg none":                    encode(`{"alg":"none"}`) + "." + payload + ".",
		"another key":                 SignSession(sessionKey(t, "x"), SessionClaims{SessionID: sessionID}),
		"a key-manager token":         SignKeyManager(key, sessionID),
		"an id too short":             withID(sessionID[1:]),
		"an id too long":              withID(sessionID + "0"),
		"an id in upper case":         withID(strings.ToUpper(sessionID)),
		"an id that is no hex":        withID("g" + sessionID[1:]),
		"no id":                       withID(""),
		"an id with a quote":          withID(sessionID[:31] + `"`),
		"longer than 8 KiB":           SignSession(key, SessionClaims{Subject: strings.Repeat("x", 6200), SessionID: sessionID}),
		"10 MiB":                      strings.Repeat("A", 10<<20),
		"two segments":                sealed(key, header),
		"no payload":                  sealed(key, header+"."),
		"a payload that is no base64": sealed(key, header+".*"),
		"another header":              sealed(key, encode(`{"alg":"HS256"}`)+"."+payload),
	} {
		if id, err := VerifySession(keys, token); !errors.Is(err, ErrSession) || id != "" {
			t.Errorf("%s: %q, %v", name, id, err)
		}
	}
	// 8 KiB exactly is accepted, so the refusal above is for the length.
	if _, err := VerifySession(keys, SignSession(key, SessionClaims{Subject: strings.Repeat("x", 6000), SessionID: sessionID})); err != nil {
		t.Errorf("nearly 8 KiB: %v", err)
	}
	for i := range good {
		wrong := good[:i] + string(good[i]^1) + good[i+1:]
		if _, err := VerifySession(keys, wrong); err == nil {
			t.Errorf("byte %d may be changed", i)
		}
	}
}

// sealed returns a token of any text with a right MAC.
func sealed(key *SessionKey, signed string) string {
	sum := key.session.of(signed)
	return signed + "." + encode(sum[:])
}

// loosenMAC changes the two bits of the last character that encode no byte.
func loosenMAC(token string) string {
	const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
	last := strings.IndexByte(alphabet, token[len(token)-1])
	return token[:len(token)-1] + alphabet[last|1:][:1]
}

func TestKeyManager(t *testing.T) {
	t.Parallel()
	key := sessionKey(t, "k")
	keys := SessionKeys{Current: key, Previous: sessionKey(t, "p")}
	good := SignKeyManager(key, sessionID)
	if !strings.HasPrefix(good, "0100"+sessionID) || len(good) != 100 || !isHex(good) {
		t.Errorf("not of the shape of a key-manager token: %s", good)
	}
	if id, err := VerifyKeyManager(keys, good); id != sessionID || err != nil {
		t.Errorf("%q, %v", id, err)
	}
	sum := key.session.of("0100" + sessionID)
	for name, token := range map[string]string{
		"empty":                  "",
		"cut":                    good[:99],
		"longer":                 good + "0",
		"in upper case":          strings.ToUpper(good),
		"another start":          "0200" + good[4:],
		"MAC of a session token": "0100" + sessionID + hex.EncodeToString(sum[:]),
		"a session token":        SignSession(key, SessionClaims{SessionID: sessionID}),
		"an id that is no hex":   SignKeyManager(key, strings.Repeat("-", 32)),
		"100 letters":            strings.Repeat("z", 100),
	} {
		if id, err := VerifyKeyManager(keys, token); !errors.Is(err, ErrSession) || id != "" {
			t.Errorf("%s: %q, %v", name, id, err)
		}
	}
	for i := range good {
		wrong := good[:i] + string(good[i]^1) + good[i+1:]
		if _, err := VerifyKeyManager(keys, wrong); err == nil {
			t.Errorf("byte %d may be changed", i)
		}
	}
}

func TestNewSessionKeyWantsASecret(t *testing.T) {
	t.Parallel()
	if _, err := NewSessionKey(make([]byte, 31)); err == nil {
		t.Error("took 31 bytes")
	}
	if one, two := NewSessionID(), NewSessionID(); one == two || len(one) != 32 || !isHex(one) {
		t.Errorf("session ids %s, %s", one, two)
	}
}

// TestSessionFromManyGoroutines uses a key concurrently, as requests do; run it with -race.
func TestSessionFromManyGoroutines(t *testing.T) {
	t.Parallel()
	keys := SessionKeys{Current: sessionKey(t, "k"), Previous: sessionKey(t, "p")}
	failures := make(chan error, 8)
	for range cap(failures) {
		go func() {
			for range 200 {
				id := NewSessionID()
				token := SignSession(keys.Current, SessionClaims{Subject: id, SessionID: id})
				if got, err := VerifySession(keys, token); got != id || err != nil {
					failures <- errors.New("another session: " + got)
					return
				}
				if got, err := VerifyKeyManager(keys, SignKeyManager(keys.Previous, id)); got != id || err != nil {
					failures <- errors.New("another key-manager session: " + got)
					return
				}
			}
			failures <- nil
		}()
	}
	for range cap(failures) {
		if err := <-failures; err != nil {
			t.Error(err)
		}
	}
}
