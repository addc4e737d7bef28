package jose

import (
	"crypto/rsa"
	"encoding/base64"
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"
)

func FuzzParseLogin(f *testing.F) {
	for _, client := range []string{"node", "python", "java", "postman"} {
		token, err := os.ReadFile("testdata/" + client + ".jwt")
		if err != nil {
			f.Fatal(err)
		}
		f.Add(strings.TrimSpace(string(token)))
	}
	signature := base64.RawURLEncoding.EncodeToString(make([]byte, 256))
	for _, payload := range []string{goodPayload, `{"sub":"\ud800","exp":1e9}`, `[]`, `{"sub":"a","sub":"b"}`, `{"sub":"a","exp":-0}`} {
		f.Add(encode(goodHeader) + "." + encode(payload) + "." + signature)
	}
	f.Fuzz(func(t *testing.T, token string) {
		checkAnyLogin(t, token)
		// As a payload, the same bytes get past the checks of the outer form.
		checkAnyLogin(t, encode(goodHeader)+"."+encode(token)+"."+signature)
	})
}

func checkAnyLogin(t *testing.T, token string) {
	l, err := ParseLogin(token)
	if err != nil {
		if text := fmt.Sprint(err); len(text) > 150 {
			t.Fatalf("an error that may quote: %s", text)
		}
		return
	}
	if s := l.Subject(); s == "" || len(s) > maxSubject || strings.ContainsAny(s, "\x00\n\uFFFD") {
		t.Fatalf("accepted subject %q", s)
	}
	if at := l.Claims().Expires; at.Before(time.Unix(0, 0)) || at.After(time.Unix(1<<40, 0)) {
		t.Fatalf("accepted expiry %v", at)
	}
	if err := l.Verify(nil, l.Claims().Expires); !errors.Is(err, ErrNoKey) {
		t.Fatalf("verified without a key: %v", err)
	}
	if err := l.Verify([]*rsa.PublicKey{&ownKey().PublicKey}, l.Claims().Expires); !errors.Is(err, ErrSignature) {
		t.Fatalf("forged: %v", err)
	}
}

func BenchmarkLoginVerify(b *testing.B) {
	large := generate(4096)
	token := rs512(b, large, goodHeader, goodPayload)
	for name, keys := range map[string][]*rsa.PublicKey{"known": {&large.PublicKey}, "unknown": nil} {
		b.Run(name, func(b *testing.B) {
			l, err := ParseLogin(token)
			if err != nil {
				b.Fatal(err)
			}
			for b.Loop() {
				if err := l.Verify(keys, noon); (err == nil) != (keys != nil) {
					b.Fatal(err)
				}
			}
		})
	}
	b.Run("2048", func(b *testing.B) {
		token := rs512(b, ownKey(), goodHeader, goodPayload)
		for b.Loop() {
			if err := login(token, &ownKey().PublicKey); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("parse", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := ParseLogin(token); err != nil {
				b.Fatal(err)
			}
		}
	})
}
