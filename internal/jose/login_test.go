package jose

import (
	"crypto/rsa"
	"errors"
	"math/big"
	"os"
	"strings"
	"testing"
	"time"
)

const (
	goodHeader  = `{"alg":"RS512","typ":"JWT"}`
	goodPayload = `{"sub":"bot","exp":1763880240}`
)

// login does what the chapter session does: parse, find the keys, verify.
func login(token string, keys ...*rsa.PublicKey) error {
	l, err := ParseLogin(token)
	if err != nil {
		return err
	}
	return l.Verify(keys, noon)
}

// TestLoginOfRealClients verifies the tokens in testdata. The libraries of the official kits and of
// the Postman collection signed them at noon: jsonwebtoken, PyJWT, the JDK, and Node's crypto in
// plain base64.
func TestLoginOfRealClients(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("testdata/client.pem")
	if err != nil {
		t.Fatal(err)
	}
	key, err := ParsePublicKey(string(text))
	if err != nil {
		t.Fatal(err)
	}
	for client, life := range map[string]time.Duration{
		"node":    180 * time.Second,
		"python":  240 * time.Second,
		"java":    240 * time.Second,
		"postman": 300 * time.Second,
	} {
		token, err := os.ReadFile("testdata/" + client + ".jwt")
		if err != nil {
			t.Fatal(err)
		}
		l, err := ParseLogin(strings.TrimSpace(string(token)))
		if err != nil {
			t.Errorf("%s: %v", client, err)
			continue
		}
		if got := l.Claims(); got.Subject != "quote-bot" || !got.Expires.Equal(noon.Add(life)) || l.Subject() != got.Subject {
			t.Errorf("%s: %+v", client, got)
		}
		for range 2 { // to /login, then to /relay
			if err := l.Verify([]*rsa.PublicKey{key}, noon); err != nil {
				t.Errorf("%s: %v", client, err)
			}
		}
		if client == "postman" && !(strings.Contains(string(token), "+") && strings.Contains(string(token), "/") && strings.Contains(string(token), "=")) {
			t.Error("postman's signature does not test plain base64")
		}
		if err := l.Verify([]*rsa.PublicKey{&ownKey().PublicKey}, noon); !errors.Is(err, ErrSignature) {
			t.Errorf("%s with another key: %v", client, err)
		}
	}
}

func TestLoginWithPreviousKey(t *testing.T) {
	t.Parallel()
	token := rs512(t, ownKey(), goodHeader, goodPayload)
	previous, current := &ownKey().PublicKey, &strangerKey().PublicKey
	if err := login(token, current, previous); err != nil {
		t.Errorf("signed with the previous key: %v", err)
	}
	if err := login(token, nil, &rsa.PublicKey{}, previous); err != nil {
		t.Errorf("with a nil and an invalid key before it: %v", err)
	}
	if err := login(token, current); !errors.Is(err, ErrSignature) {
		t.Errorf("after the previous key is removed: %v", err)
	}
}

func TestLoginAtTheEdgesOfItsTime(t *testing.T) {
	t.Parallel()
	key := &ownKey().PublicKey
	for left, want := range map[string]error{
		"-3600":        ErrTime,
		"-10.5":        ErrTime,
		"-10":          ErrTime,
		"-9.999":       nil,
		"-9":           nil,
		"0":            nil,
		"300":          nil,
		"309.5":        nil,
		"310":          nil,
		"310.001":      ErrTime,
		"311":          ErrTime,
		"3600":         ErrTime,
		"100000000000": ErrTime,
	} {
		offset, _ := new(big.Float).SetString(left)
		exp := offset.Add(offset, big.NewFloat(float64(noon.Unix()))).Text('f', 3)
		token := rs512(t, ownKey(), goodHeader, `{"sub":"bot","exp":`+exp+`}`)
		if err := login(token, key); !errors.Is(err, want) {
			t.Errorf("%s s left: %v, not %v", left, err, want)
		}
	}
}

func TestLoginExpiresWithFraction(t *testing.T) {
	t.Parallel()
	l, err := ParseLogin(rs512(t, ownKey(), goodHeader, `{"sub":"bot","exp":1763880100.5}`))
	if err != nil {
		t.Fatal(err)
	}
	if got, want := l.Claims().Expires, noon.Add(100*time.Second+500*time.Millisecond); !got.Equal(want) {
		t.Errorf("expires %v, not %v", got, want)
	}
}

// TestLoginTakesEqualWork checks that the work of a refusal does not show whether an account
// exists.
func TestLoginTakesEqualWork(t *testing.T) {
	t.Parallel()
	small, other, large := &ownKey().PublicKey, &strangerKey().PublicKey, &largeKey().PublicKey
	signed := encode(goodHeader) + "." + encode(goodPayload)
	with := func(signature []byte) string { return signed + "." + encode(signature) }
	highest := new(big.Int).SetBytes([]byte(strings.Repeat("\xff", 256)))
	for name, test := range map[string]struct {
		token string
		keys  []*rsa.PublicKey
		work  int
		want  error
	}{
		"right, known":               {rs512(t, ownKey(), goodHeader, goodPayload), []*rsa.PublicKey{small}, 1, nil},
		"right, unknown":             {rs512(t, ownKey(), goodHeader, goodPayload), nil, 1, ErrNoKey},
		"wrong, known":               {rs512(t, strangerKey(), goodHeader, goodPayload), []*rsa.PublicKey{small}, 1, ErrSignature},
		"wrong, unusable key":        {rs512(t, strangerKey(), goodHeader, goodPayload), []*rsa.PublicKey{nil, {N: modulus(1024), E: 65537}}, 1, ErrNoKey},
		"wrong size, known":          {with(make([]byte, 512)), []*rsa.PublicKey{small}, 1, ErrSignature},
		"wrong size, unknown":        {with(make([]byte, 512)), nil, 1, ErrNoKey},
		"too high a number, known":   {with(highest.FillBytes(make([]byte, 256))), []*rsa.PublicKey{small}, 1, ErrSignature},
		"too high a number, unknown": {with(highest.FillBytes(make([]byte, 256))), nil, 1, ErrNoKey},
		"two keys of two sizes":      {with(make([]byte, 256)), []*rsa.PublicKey{large, small}, 1, ErrSignature},
		"two keys of one size":       {with(make([]byte, 256)), []*rsa.PublicKey{other, small}, 2, ErrSignature},
	} {
		l, err := ParseLogin(test.token)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		work, err := l.verify(test.keys, noon)
		if work != test.work || !errors.Is(err, test.want) {
			t.Errorf("%s: %d exponentiations, not %d; %v, not %v", name, work, test.work, err, test.want)
		}
	}
}

// TestFits checks fits against crypto/rsa, which refuses a signature at or above the modulus
// without an exponentiation. There, the decoy must do one.
func TestFits(t *testing.T) {
	t.Parallel()
	key := &ownKey().PublicKey
	below := new(big.Int).Sub(key.N, big.NewInt(1))
	for name, test := range map[string]struct {
		signature []byte
		want      bool
	}{
		"zero":                    {make([]byte, 256), true},
		"one below the modulus":   {below.Bytes(), true},
		"the modulus":             {key.N.Bytes(), false},
		"all ones":                {[]byte(strings.Repeat("\xff", 256)), false},
		"a byte less":             {make([]byte, 255), false},
		"a byte more":             {make([]byte, 257), false},
		"of a key twice its size": {make([]byte, 512), false},
	} {
		if got := fits(test.signature, key); got != test.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}

// TestLoginSignatureWithPaddingAlone checks signatures that have neither + nor /, as one in 50,000:
// their padding alone shows that they are Postman's.
func TestLoginSignatureWithPaddingAlone(t *testing.T) {
	t.Parallel()
	for size, padding := range map[int]string{256: "==", 512: "=", 384: ""} {
		got, err := decodeLoginSignature(encode(make([]byte, size)) + padding)
		if err != nil || len(got) != size {
			t.Errorf("%d bytes: %d, %v", size, len(got), err)
		}
	}
}

// TestDecoyIsAKey checks that crypto/rsa works with a decoy, or it would cost no work.
func TestDecoyIsAKey(t *testing.T) {
	t.Parallel()
	for size := minSignature; size <= maxSignature; size++ {
		key := decoy(size)
		if err := checkPublicKey(key); err != nil || key.Size() != size {
			t.Fatalf("decoy of %d bytes: %d bytes, %v", size, key.Size(), err)
		}
		if !fits(make([]byte, size), key) {
			t.Fatalf("decoy of %d bytes takes no signature of its size", size)
		}
	}
}
