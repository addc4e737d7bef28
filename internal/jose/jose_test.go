package jose

import (
	"crypto/rand"
	"crypto/rsa"
	"encoding/base64"
	"sync"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"
)

// noon is the time in all tests.
var noon = time.Unix(1763880000, 0)

// Two key pairs, generated once: the account's and a stranger's.
var (
	ownKey      = sync.OnceValue(func() *rsa.PrivateKey { return generate(2048) })
	strangerKey = sync.OnceValue(func() *rsa.PrivateKey { return generate(2048) })
	largeKey    = sync.OnceValue(func() *rsa.PrivateKey { return generate(3072) })
)

func generate(bits int) *rsa.PrivateKey {
	key, err := rsa.GenerateKey(rand.Reader, bits)
	if err != nil {
		panic(err)
	}
	return key
}

// encode returns the base64url of any text, JSON or not.
func encode[T string | []byte](text T) string {
	return base64.RawURLEncoding.EncodeToString([]byte(text))
}

// rs512 signs header and payload unchecked.
func rs512(t testing.TB, key *rsa.PrivateKey, header, payload string) string {
	t.Helper()
	return seal(t, jwt.SigningMethodRS512, key, encode(header)+"."+encode(payload))
}

// seal signs with any method of golang-jwt.
func seal(t testing.TB, method jwt.SigningMethod, key any, signed string) string {
	t.Helper()
	signature, err := method.Sign(signed, key)
	if err != nil {
		t.Fatal(err)
	}
	return signed + "." + encode(signature)
}
