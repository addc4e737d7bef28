package jose

import (
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"fmt"
	"testing"

	"github.com/golang-jwt/jwt/v5"
)

// algorithmAttacks returns tokens that name, or use, another algorithm than RS512.
func algorithmAttacks(t *testing.T) []attack {
	t.Helper()
	own := ownKey()
	var attacks []attack

	// Other values of alg, over a signature that is right for RS512.
	for _, alg := range []string{
		`"none"`, `"None"`, `"NONE"`, `"nOnE"`, `""`, `" RS512"`, `"RS512 "`, `"rs512"`, `"Rs512"`, `"RS512\u0000"`, `"RS512,none"`,
		`"HS512"`, `"RS256"`, `"RS384"`, `"PS512"`, `"ES512"`, `"EdDSA"`, `"RSA-OAEP"`, `"dir"`,
		`null`, `true`, `512`, `["RS512"]`, `{"RS512":1}`,
	} {
		header := `{"alg":` + alg + `}`
		attacks = append(attacks, attack{"alg " + alg, rs512(t, own, header, goodPayload), ErrAlgorithm})
	}
	attacks = append(attacks,
		attack{"alg missing", rs512(t, own, `{"typ":"JWT"}`, goodPayload), ErrAlgorithm},
		attack{"alg by another name", rs512(t, own, `{"ALG":"RS512"}`, goodPayload), ErrAlgorithm},
		attack{"alg escaped", rs512(t, own, `{"alg":"RS\u0035\u00312"}`, goodPayload), nil},
		attack{"none without signature", encode(`{"alg":"none"}`) + "." + encode(goodPayload) + ".", ErrAlgorithm},
		attack{"RS512 without signature", encode(goodHeader) + "." + encode(goodPayload) + ".", ErrMalformed},
	)

	// HMAC keyed with the public key, which every attacker knows.
	der, err := x509.MarshalPKIXPublicKey(&own.PublicKey)
	if err != nil {
		t.Fatal(err)
	}
	for form, key := range map[string][]byte{
		"PEM":    []byte(EncodePublicKey(&own.PublicKey)),
		"DER":    der,
		"PKCS#1": x509.MarshalPKCS1PublicKey(&own.PublicKey),
		"empty":  {},
	} {
		for _, method := range []*jwt.SigningMethodHMAC{jwt.SigningMethodHS256, jwt.SigningMethodHS384, jwt.SigningMethodHS512} {
			header := fmt.Sprintf(`{"alg":%q}`, method.Alg())
			token := seal(t, method, key, encode(header)+"."+encode(goodPayload))
			attacks = append(attacks, attack{method.Alg() + " keyed with the public key, " + form, token, ErrAlgorithm})
		}
		token := seal(t, jwt.SigningMethodHS512, key, encode(goodHeader)+"."+encode(goodPayload))
		attacks = append(attacks, attack{"HS512 that says RS512, keyed with the public key, " + form, token, ErrMalformed})
	}

	// Signed correctly by another algorithm: first with that algorithm as alg, then with RS512 as
	// alg.
	ec, err := ecdsa.GenerateKey(elliptic.P521(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	_, ed, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	for _, other := range []struct {
		method jwt.SigningMethod
		key    any
		// the error when alg is RS512: the signature's size fits an RSA key, or it does not
		lied error
	}{
		{jwt.SigningMethodRS256, own, ErrSignature},
		{jwt.SigningMethodRS384, own, ErrSignature},
		{jwt.SigningMethodPS256, own, ErrSignature},
		{jwt.SigningMethodPS384, own, ErrSignature},
		{jwt.SigningMethodPS512, own, ErrSignature},
		{jwt.SigningMethodES512, ec, ErrMalformed},
		{jwt.SigningMethodEdDSA, ed, ErrMalformed},
	} {
		alg := other.method.Alg()
		honest := seal(t, other.method, other.key, encode(fmt.Sprintf(`{"alg":%q}`, alg))+"."+encode(goodPayload))
		lying := seal(t, other.method, other.key, encode(goodHeader)+"."+encode(goodPayload))
		attacks = append(attacks,
			attack{alg + " signed properly", honest, ErrAlgorithm},
			attack{alg + " that says RS512", lying, other.lied})
	}
	return attacks
}
