package jose

import (
	"crypto"
	"crypto/rsa"
	"crypto/sha512"
	"encoding/base64"
	"fmt"
	"math/big"
	"slices"
	"strings"
	"testing"

	"github.com/golang-jwt/jwt/v5"
)

var rs512Method = jwt.SigningMethodRS512

// signatureAttacks returns tokens that are well formed except for the signature.
func signatureAttacks(t *testing.T) []attack {
	t.Helper()
	own, stranger := ownKey(), strangerKey()
	header, payload, signature := segments(rs512(t, own, goodHeader, goodPayload))
	signed := header + "." + payload
	right, err := base64.RawURLEncoding.DecodeString(signature)
	if err != nil {
		t.Fatal(err)
	}
	with := func(signature []byte) string { return signed + "." + encode(signature) }
	flip := func(at int) string {
		wrong := slices.Clone(right)
		wrong[at] ^= 1
		return with(wrong)
	}
	plain, padded := plainSigned(t)
	small := func(n byte) []byte { return append(make([]byte, 255), n) }
	digest := sha512.Sum512([]byte(signed))
	bare, err := rsa.SignPKCS1v15(nil, own, crypto.Hash(0), digest[:])
	if err != nil {
		t.Fatal(err)
	}
	_, otherPayload, otherSignature := segments(rs512(t, own, goodHeader, `{"sub":"bot","exp":1763880239}`))

	return []attack{
		{"signature flipped in the first bit", flip(0), ErrSignature},
		{"signature flipped in the middle", flip(128), ErrSignature},
		{"signature flipped in the last bit", flip(255), ErrSignature},
		{"signature without its last byte", with(right[:255]), ErrMalformed},
		{"signature without its first byte", with(right[1:]), ErrMalformed},
		{"signature of half the length", with(right[:128]), ErrMalformed},
		{"signature of one byte", with(right[:1]), ErrMalformed},
		{"signature with a byte more", with(append(slices.Clone(right), 0)), ErrSignature},
		{"signature with a zero in front", with(append([]byte{0}, right...)), ErrSignature},
		{"signature with 256 zeros in front", with(append(make([]byte, 256), right...)), ErrSignature},
		{"signature twice", with(append(slices.Clone(right), right...)), ErrSignature},
		{"signature backwards", with(reversed(right)), ErrSignature},
		{"signature plus the modulus", with(plusModulus(right, &own.PublicKey)), ErrSignature},
		{"signature is the modulus", with(own.N.Bytes()), ErrSignature},
		{"signature is the modulus less one", with(new(big.Int).Sub(own.N, big.NewInt(1)).Bytes()), ErrSignature},
		{"signature is zero", with(small(0)), ErrSignature},
		{"signature is one", with(small(1)), ErrSignature},
		{"signature is all ones", with([]byte(strings.Repeat("\xff", 256))), ErrSignature},
		{"signature of 1025 bytes", with(make([]byte, 1025)), ErrMalformed},
		{"signature of the bare hash", with(bare), ErrSignature},
		{"signature of another token", signed + "." + otherSignature, ErrSignature},
		{"signature of another payload", header + "." + otherPayload + "." + signature, ErrSignature},
		{"signature of another header", encode(`{"alg":"RS512"}`) + "." + payload + "." + signature, ErrSignature},
		{"signature by a stranger", rs512(t, stranger, goodHeader, goodPayload), ErrSignature},
		{"signature by a stranger's larger key", rs512(t, largeKey(), goodHeader, goodPayload), ErrSignature},
		{"subject changed after signing", header + "." + encode(strings.Replace(goodPayload, "bot", "admin", 1)) + "." + signature, ErrSignature},

		{"signature in plain base64", plain, nil},
		{"signature in plain base64 without padding", strings.TrimRight(plain, "="), ErrMalformed},
		{"signature in base64url with padding", padded, ErrMalformed},
		{"signature in both alphabets", mixed(plain), ErrMalformed},
		{"signature with padding in the middle", signed + "." + signature[:100] + "=" + signature[100:], ErrMalformed},
		{"signature with padding in front", signed + ".=" + signature, ErrMalformed},
		{"signature with one padding of two", strings.TrimSuffix(plain, "="), ErrMalformed},
		{"signature with padding of three", plain + "=", ErrMalformed},
		{"signature with loose bits", signed + "." + loosen(t, signature), ErrMalformed},
		// hex is base64url, too
		{"signature in hex", signed + "." + fmt.Sprintf("%x", right), ErrSignature},
		{"signature percent encoded", strings.ReplaceAll(plain, "+", "%2B"), ErrMalformed},
		{"signature with + become a space", strings.ReplaceAll(plain, "+", " "), ErrMalformed},
	}
}

// plainSigned returns a token whose signature contains every special character of plain base64, and
// the same token with its signature in padded base64url. Nearly every signature does.
func plainSigned(t *testing.T) (plain, padded string) {
	t.Helper()
	for i := range 1000 {
		header, payload, signature := segments(rs512(t, ownKey(), goodHeader, fmt.Sprintf(`{"sub":"bot","exp":1763880300,"x":%d}`, i)))
		if strings.Count(signature, "-") > 1 && strings.Contains(signature, "_") {
			padded = header + "." + payload + "." + signature + "=="
			plain = header + "." + payload + "." + strings.NewReplacer("-", "+", "_", "/").Replace(signature) + "=="
			return plain, padded
		}
	}
	t.Fatal("no signature with - and _")
	return "", ""
}

// mixed turns the last + of a signature into a -.
func mixed(token string) string {
	at := strings.LastIndexByte(token, '+')
	return token[:at] + "-" + token[at+1:]
}

// loosen changes the four bits of the last character that encode no byte.
func loosen(t *testing.T, signature string) string {
	t.Helper()
	const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
	last := strings.IndexByte(alphabet, signature[len(signature)-1])
	loose := signature[:len(signature)-1] + alphabet[last|1:][:1]
	one, err1 := base64.RawURLEncoding.DecodeString(signature)
	two, err2 := base64.RawURLEncoding.DecodeString(loose)
	if err1 != nil || err2 != nil || !slices.Equal(one, two) || loose == signature {
		t.Fatal("not another spelling of the same bytes")
	}
	return loose
}

// plusModulus returns another number with the same remainder, in 256 bytes if possible.
func plusModulus(signature []byte, key *rsa.PublicKey) []byte {
	s := new(big.Int).SetBytes(signature)
	return s.Add(s, key.N).Bytes()
}

func reversed(signature []byte) []byte {
	turned := slices.Clone(signature)
	slices.Reverse(turned)
	return turned
}
