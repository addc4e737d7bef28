package jose

import (
	"encoding/json"
	"reflect"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"
)

func FuzzSignSession(f *testing.F) {
	f.Add("quote-bot", sessionID, int64(7), "app", "SEND_MESSAGES")
	f.Add("a>?~\x7f\"\\\n/<&é€😀\xff", sessionID, int64(-1), "", "x")
	f.Add(`","sessionId":"`, "", int64(0), `\u0022`, "\u2028")
	keys := SessionKeys{Current: sessionKey(f, "k")}
	f.Fuzz(func(t *testing.T, subject, id string, user int64, app, permission string) {
		claims := SessionClaims{Subject: subject, SessionID: sessionID, UserID: user, AppGroupID: app, AppPermissions: []string{permission}}
		token := SignSession(keys.Current, claims)
		checkSessionJSON(t, payloadOf(t, token), claims)
		got, err := VerifySession(keys, token)
		if len(token) > maxSessionToken {
			if err == nil {
				t.Fatal("accepted more than 8 KiB")
			}
		} else if got != sessionID || err != nil {
			t.Fatalf("round trip: %q, %v", got, err)
		}

		claims.SessionID = id
		token = SignSession(keys.Current, claims)
		checkSessionJSON(t, payloadOf(t, token), claims)
		if got, err := VerifySession(keys, token); err == nil && (got != id || len(id) != 32 || !isHex(id)) {
			t.Fatalf("session id %q became %q", id, got)
		}
	})
}

// checkSessionJSON reads the payload with encoding/json and compares it.
func checkSessionJSON(t *testing.T, text string, claims SessionClaims) {
	t.Helper()
	for i := range len(text) {
		if text[i] < ' ' || text[i] >= 0x7f {
			t.Fatalf("a byte %#x in %q", text[i], text)
		}
	}
	want := map[string]any{"iss": "symphony", "sessionId": valid(claims.SessionID)}
	if claims.Subject != "" {
		want["sub"] = valid(claims.Subject)
	}
	if claims.UserID != 0 {
		want["userId"] = strconv.FormatInt(claims.UserID, 10)
	}
	if claims.AppGroupID != "" {
		want["appGroupId"] = valid(claims.AppGroupID)
		want["appPermissions"] = []any{valid(claims.AppPermissions[0])}
	}
	var got map[string]any
	if err := json.Unmarshal([]byte(text), &got); err != nil {
		t.Fatalf("%v in %s", err, text)
	}
	if !reflect.DeepEqual(got, want) {
		t.Fatalf("%v, not %v", got, want)
	}
}

// valid returns the text with U+FFFD in place of each byte that is not UTF-8.
func valid(text string) string {
	if utf8.ValidString(text) {
		return text
	}
	return string([]rune(text))
}

func FuzzVerifySession(f *testing.F) {
	keys := SessionKeys{Current: sessionKey(f, "k"), Previous: sessionKey(f, "p")}
	good := SignSession(keys.Current, SessionClaims{Subject: "bot", SessionID: sessionID, UserID: 7})
	f.Add(good)
	f.Add(SignKeyManager(keys.Current, sessionID))
	f.Add(strings.TrimSuffix(good, good[len(good)-44:]))
	f.Add(`{"sub":"bot","iss":"symphony","sessionId":"` + sessionID + `"}`)
	f.Add(`{"iss":"symphony","sessionId":"` + sessionID)
	known := map[string]bool{good: true, SignKeyManager(keys.Current, sessionID): true}
	f.Fuzz(func(t *testing.T, text string) {
		if _, err := VerifySession(keys, text); err == nil && !known[text] {
			t.Fatal("forged a session token")
		}
		if _, err := VerifyKeyManager(keys, text); err == nil && !known[text] {
			t.Fatal("forged a key-manager token")
		}
		// With a right MAC, no text may cause a panic.
		for _, token := range []string{sealed(keys.Current, text), sealed(keys.Current, sessionHeader+encode(text))} {
			if id, err := VerifySession(keys, token); err == nil && (len(id) != 32 || !isHex(id)) {
				t.Fatalf("session id %q", id)
			}
		}
	})
}

func BenchmarkVerifySession(b *testing.B) {
	key, previous := sessionKey(b, "k"), sessionKey(b, "p")
	token := SignSession(key, SessionClaims{Subject: "quote-bot@acme.example", SessionID: sessionID, UserID: 13056700580915})
	for name, keys := range map[string]SessionKeys{
		"current":  {Current: key, Previous: previous},
		"previous": {Current: previous, Previous: key},
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := VerifySession(keys, token); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
	b.Run("forged", func(b *testing.B) {
		keys := SessionKeys{Current: sessionKey(b, "a"), Previous: sessionKey(b, "b")}
		b.ReportAllocs()
		for b.Loop() {
			if _, err := VerifySession(keys, token); err == nil {
				b.Fatal("verified")
			}
		}
	})
	b.Run("key manager", func(b *testing.B) {
		keys := SessionKeys{Current: key}
		token := SignKeyManager(key, sessionID)
		b.ReportAllocs()
		for b.Loop() {
			if _, err := VerifyKeyManager(keys, token); err != nil {
				b.Fatal(err)
			}
		}
	})
}
