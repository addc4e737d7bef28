package jose

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/asn1"
	"encoding/base64"
	"encoding/pem"
	"errors"
	"math/big"
	"os"
	"strings"
	"testing"
)

func armour(label string, der []byte) string {
	return string(pem.EncodeToMemory(&pem.Block{Type: label, Bytes: der}))
}

// modulus returns an odd number of so many bits; a public key need not have a private key.
func modulus(bits uint) *big.Int {
	n := new(big.Int).Lsh(big.NewInt(3), bits-2)
	return n.SetBit(n, 0, 1)
}

func spki(t testing.TB, key any) string {
	t.Helper()
	der, err := x509.MarshalPKIXPublicKey(key)
	if err != nil {
		t.Fatal(err)
	}
	return armour("PUBLIC KEY", der)
}

func TestParsePublicKeyAsTheyArrive(t *testing.T) {
	t.Parallel()
	key := &ownKey().PublicKey
	text := EncodePublicKey(key)
	lines := strings.Split(strings.TrimSpace(text), "\n")
	body := strings.Join(lines[1:len(lines)-1], "")
	for name, text := range map[string]string{
		"as encoded":              text,
		"no line break at all":    strings.ReplaceAll(text, "\n", ""),
		"one line between":        lines[0] + "\n" + body + "\n" + lines[len(lines)-1],
		"backslash and n":         strings.ReplaceAll(text, "\n", `\n`),
		"backslash r backslash n": strings.ReplaceAll(text, "\n", `\r\n`),
		"CRLF":                    strings.ReplaceAll(text, "\n", "\r\n"),
		"CR":                      strings.ReplaceAll(text, "\n", "\r"),
		"doubled":                 strings.ReplaceAll(text, "\n", "\n\n"),
		"spaces for line breaks":  strings.ReplaceAll(text, "\n", " "),
		"indented":                strings.ReplaceAll(text, "\n", "\n\t  "),
		"space around":            " \r\n\t" + text + "\n\n ",
		"backslash n around":      `\n` + text + `\n`,
		"PKCS#1":                  armour("RSA PUBLIC KEY", x509.MarshalPKCS1PublicKey(key)),
		"PKCS#1 on one line":      strings.ReplaceAll(armour("RSA PUBLIC KEY", x509.MarshalPKCS1PublicKey(key)), "\n", `\n`),
	} {
		got, err := ParsePublicKey(text)
		if err != nil {
			t.Errorf("%s: %v", name, err)
		} else if !got.Equal(key) {
			t.Errorf("%s: another key", name)
		}
	}
}

func TestParsePublicKeyLimits(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		key  *rsa.PublicKey
		want string
	}{
		"2048 bits":        {&rsa.PublicKey{N: modulus(2048), E: 65537}, ""},
		"8192 bits":        {&rsa.PublicKey{N: modulus(8192), E: 65537}, ""},
		"exponent 5":       {&rsa.PublicKey{N: modulus(2048), E: 5}, ""},
		"exponent 2^31-1":  {&rsa.PublicKey{N: modulus(2048), E: 1<<31 - 1}, ""},
		"1024 bits":        {&rsa.PublicKey{N: modulus(1024), E: 65537}, "the key has 1024 bits, at least 2048 are needed"},
		"2047 bits":        {&rsa.PublicKey{N: modulus(2047), E: 65537}, "the key has 2047 bits, at least 2048 are needed"},
		"8193 bits":        {&rsa.PublicKey{N: modulus(8193), E: 65537}, "the key has 8193 bits, at most 8192 are taken"},
		"65536 bits":       {&rsa.PublicKey{N: modulus(65536), E: 65537}, "the key has 65536 bits, at most 8192 are taken"},
		"even modulus":     {&rsa.PublicKey{N: new(big.Int).Lsh(big.NewInt(1), 2047), E: 65537}, string(errEvenModulus)},
		"exponent 1":       {&rsa.PublicKey{N: modulus(2048), E: 1}, string(errExponent)},
		"exponent 3":       {&rsa.PublicKey{N: modulus(2048), E: 3}, string(errExponent)},
		"exponent 4":       {&rsa.PublicKey{N: modulus(2048), E: 4}, string(errExponent)},
		"exponent 65536":   {&rsa.PublicKey{N: modulus(2048), E: 65536}, string(errExponent)},
		"exponent 2^31+1":  {&rsa.PublicKey{N: modulus(2048), E: 1<<31 + 1}, string(errExponent)},
		"exponent 2^62+1":  {&rsa.PublicKey{N: modulus(2048), E: 1<<62 + 1}, string(errExponent)},
		"exponent 0":       {&rsa.PublicKey{N: modulus(2048), E: 0}, string(errNotPublicKey)},
		"negative":         {&rsa.PublicKey{N: modulus(2048), E: -65537}, string(errNotPublicKey)},
		"modulus zero":     {&rsa.PublicKey{N: new(big.Int), E: 65537}, string(errNotPublicKey)},
		"modulus negative": {&rsa.PublicKey{N: new(big.Int).Neg(modulus(2048)), E: 65537}, string(errNotPublicKey)},
	} {
		_, err := ParsePublicKey(spki(t, test.key))
		if got := sentence(err); got != test.want {
			t.Errorf("%s: %q, not %q", name, got, test.want)
		}
	}
}

// sentence returns an error's text, marked if the error is not for clients.
func sentence(err error) string {
	var forClient KeyError
	switch {
	case err == nil:
		return ""
	case !errors.As(err, &forClient):
		return "not a KeyError: " + err.Error()
	}
	return string(forClient)
}

func TestParsePublicKeyRefuses(t *testing.T) {
	t.Parallel()
	own := ownKey()
	text := EncodePublicKey(&own.PublicKey)
	der, _ := x509.MarshalPKIXPublicKey(&own.PublicKey)
	pkcs1 := x509.MarshalPKCS1PublicKey(&own.PublicKey)
	pkcs1Private := x509.MarshalPKCS1PrivateKey(own)
	pkcs8, _ := x509.MarshalPKCS8PrivateKey(own)
	ec, _ := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	sec1, _ := x509.MarshalECPrivateKey(ec)
	ed, _, _ := ed25519.GenerateKey(rand.Reader)
	certificate, err := SelfSigned(own, "pod", noon, noon.AddDate(1, 0, 0))
	if err != nil {
		t.Fatal(err)
	}
	insideTrailing := wrapPKCS1(t, append(pkcs1[:len(pkcs1):len(pkcs1)], 0))
	for name, test := range map[string]struct{ text, want string }{
		"empty":                         {"", string(errNotPublicKey)},
		"words":                         {"ssh-rsa AAAAB3NzaC1yc2E", string(errNotPublicKey)},
		"no markers":                    {base64.StdEncoding.EncodeToString(der), string(errNotPublicKey)},
		"begin only":                    {"-----BEGIN PUBLIC KEY-----", string(errNotPublicKey)},
		"unfinished marker":             {"-----BEGIN PUBLIC KEY", string(errNotPublicKey)},
		"nothing inside":                {"-----BEGIN PUBLIC KEY----------END PUBLIC KEY-----", string(errNotPublicKey)},
		"no end":                        {strings.Split(text, "-----END")[0], string(errNotPublicKey)},
		"other end":                     {strings.Replace(text, "END PUBLIC", "END RSA PUBLIC", 1), string(errNotPublicKey)},
		"words after":                   {text + "hello", string(errNotPublicKey)},
		"words before":                  {"hello " + text, string(errNotPublicKey)},
		"two keys":                      {text + text, string(errNotPublicKey)},
		"not base64":                    {strings.Replace(text, "MII", "M*I", 1), string(errNotPublicKey)},
		"base64url":                     {strings.NewReplacer("+", "-", "/", "_").Replace(text[:40]) + "-_" + text[42:], string(errNotPublicKey)},
		"loose bits before the padding": {loosePadding(t, &largeKey().PublicKey), string(errNotPublicKey)},
		"PEM header":                    {strings.Replace(text, "-----\n", "-----\nProc-Type: 4,ENCRYPTED\n\n", 1), string(errNotPublicKey)},
		"cut short":                     {armour("PUBLIC KEY", der[:len(der)-9]), string(errNotPublicKey)},
		"data after":                    {armour("PUBLIC KEY", append(der[:len(der):len(der)], 0)), string(errNotPublicKey)},
		"data after the inner key":      {armour("PUBLIC KEY", insideTrailing), string(errNotPublicKey)},
		"data after PKCS#1":             {armour("RSA PUBLIC KEY", append(pkcs1[:len(pkcs1):len(pkcs1)], 0)), string(errNotPublicKey)},
		"leading zeros in the modulus":  {armour("RSA PUBLIC KEY", paddedModulus(t, &own.PublicKey)), string(errNotPublicKey)},
		"PKCS#1 as SPKI":                {armour("PUBLIC KEY", pkcs1), string(errNotPublicKey)},
		"SPKI as PKCS#1":                {armour("RSA PUBLIC KEY", der), string(errNotPublicKey)},
		"certificate":                   {certificate, string(errNotPublicKey)},
		"elliptic":                      {spki(t, &ec.PublicKey), string(errNotPublicKey)},
		"Ed25519":                       {spki(t, ed), string(errNotPublicKey)},
		"PKCS#8 private":                {armour("PRIVATE KEY", pkcs8), string(errPrivateKey)},
		"PKCS#1 private":                {armour("RSA PRIVATE KEY", pkcs1Private), string(errPrivateKey)},
		"encrypted private":             {armour("ENCRYPTED PRIVATE KEY", pkcs8), string(errPrivateKey)},
		"elliptic private":              {armour("EC PRIVATE KEY", sec1), string(errPrivateKey)},
		"OpenSSH private":               {armour("OPENSSH PRIVATE KEY", []byte("openssh-key-v1")), string(errPrivateKey)},
		"PKCS#8 under a public marker":  {armour("PUBLIC KEY", pkcs8), string(errPrivateKey)},
		"PKCS#1 under a public marker":  {armour("RSA PUBLIC KEY", pkcs1Private), string(errPrivateKey)},
		"public and private together":   {text + armour("PRIVATE KEY", pkcs8), string(errPrivateKey)},
		"16 KiB and one":                {text + strings.Repeat(" ", maxKeyText+1-len(text)), string(errKeyTooLong)},
	} {
		_, err := ParsePublicKey(test.text)
		if got := sentence(err); got != test.want {
			t.Errorf("%s: %q, not %q", name, got, test.want)
		}
	}
	if _, err := ParsePublicKey(text + strings.Repeat(" ", maxKeyText-len(text))); err != nil {
		t.Errorf("16 KiB: %v", err)
	}
}

// wrapPKCS1 returns an SPKI that contains the bytes in place of the key.
func wrapPKCS1(t *testing.T, inner []byte) []byte {
	t.Helper()
	rsaEncryption := asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 1, 1}
	der, err := asn1.Marshal(struct {
		Algorithm struct {
			OID        asn1.ObjectIdentifier
			Parameters asn1.RawValue
		}
		Key asn1.BitString
	}{
		Algorithm: struct {
			OID        asn1.ObjectIdentifier
			Parameters asn1.RawValue
		}{rsaEncryption, asn1.NullRawValue},
		Key: asn1.BitString{Bytes: inner, BitLength: 8 * len(inner)},
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := x509.ParsePKIXPublicKey(der); err != nil {
		t.Fatalf("package x509 itself refuses the test's key: %v", err)
	}
	return der
}

// loosePadding returns a key whose bits before the padding, which encode no byte, are not all zero.
func loosePadding(t *testing.T, key *rsa.PublicKey) string {
	t.Helper()
	text := EncodePublicKey(key)
	at := strings.Index(text, "=") - 1
	if at < 0 || text[at+1:at+3] != "=\n" {
		t.Fatal("the test's key has not one sign of padding")
	}
	// With one padding character, the last letter is a multiple of four in the alphabet: A, E, I …
	// Its low bits are zero, and the next letter differs in these bits alone.
	loose := text[:at] + string(text[at]+1) + text[at+1:]
	one, _ := pem.Decode([]byte(text))
	two, _ := pem.Decode([]byte(loose))
	if two == nil || !bytes.Equal(one.Bytes, two.Bytes) {
		t.Fatal("not another spelling of the same key")
	}
	return loose
}

// paddedModulus returns a PKCS#1 key with two additional zero bytes before the modulus.
func paddedModulus(t *testing.T, key *rsa.PublicKey) []byte {
	t.Helper()
	der, err := asn1.Marshal(struct {
		N asn1.RawValue
		E int
	}{asn1.RawValue{Tag: asn1.TagInteger, Bytes: append([]byte{0, 0, 0}, key.N.Bytes()...)}, key.E})
	if err != nil {
		t.Fatal(err)
	}
	return der
}

// TestThumbprint compares with the value that PyJWT's to_jwk and hashlib compute for the same key.
func TestThumbprint(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("testdata/client.pem")
	if err != nil {
		t.Fatal(err)
	}
	key, err := ParsePublicKey(string(text))
	if err != nil {
		t.Fatal(err)
	}
	if got := Thumbprint(key); got != "usBThwvpRuCeL6G81u89haP1sRykLS0I-FhQycQ_9r8" {
		t.Errorf("thumbprint %s", got)
	}
}

func TestPrivateKey(t *testing.T) {
	t.Parallel()
	own := ownKey()
	text, err := EncodePrivateKey(own)
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{
		"PKCS#8":      text,
		"on one line": strings.ReplaceAll(text, "\n", `\n`),
		"PKCS#1":      armour("RSA PRIVATE KEY", x509.MarshalPKCS1PrivateKey(own)),
	} {
		if got, err := ParsePrivateKey(text); err != nil || !got.Equal(own) {
			t.Errorf("%s: %v", name, err)
		}
	}

	ec, _ := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	ecText, _ := x509.MarshalPKCS8PrivateKey(ec)
	broken := *own
	broken.D = new(big.Int).Add(own.D, big.NewInt(2))
	for name, test := range map[string]struct{ text, want string }{
		"empty":     {"", string(errNotPrivateKey)},
		"public":    {EncodePublicKey(&own.PublicKey), string(errNotPrivateKey)},
		"elliptic":  {armour("PRIVATE KEY", ecText), string(errNotPrivateKey)},
		"encrypted": {strings.ReplaceAll(text, "PRIVATE", "ENCRYPTED PRIVATE"), string(errNotPrivateKey)},
		"broken":    {armour("RSA PRIVATE KEY", x509.MarshalPKCS1PrivateKey(&broken)), string(errNotPrivateKey)},
		"1024 bits": {armour("RSA PRIVATE KEY", x509.MarshalPKCS1PrivateKey(generate(1024))), "the key has 1024 bits, at least 2048 are needed"},
		"too long":  {strings.Repeat(" ", maxKeyText) + text, string(errKeyTooLong)},
	} {
		_, err := ParsePrivateKey(test.text)
		if got := sentence(err); got != test.want {
			t.Errorf("%s: %q, not %q", name, got, test.want)
		}
	}
	if _, err := EncodePrivateKey(&rsa.PrivateKey{PublicKey: own.PublicKey, D: big.NewInt(3)}); err == nil {
		t.Error("an incomplete private key was encoded")
	}
}

func FuzzParsePublicKey(f *testing.F) {
	own := ownKey()
	text := EncodePublicKey(&own.PublicKey)
	pkcs8, _ := x509.MarshalPKCS8PrivateKey(own)
	f.Add(text)
	f.Add(strings.ReplaceAll(text, "\n", `\n`))
	f.Add(strings.ReplaceAll(text, "\n", ""))
	f.Add(armour("RSA PUBLIC KEY", x509.MarshalPKCS1PublicKey(&own.PublicKey)))
	f.Add(armour("PUBLIC KEY", pkcs8))
	f.Add(spki(f, &rsa.PublicKey{N: modulus(2048), E: 5}))
	f.Fuzz(func(t *testing.T, text string) {
		key, err := ParsePublicKey(text)
		if err != nil {
			var forClient KeyError
			if !errors.As(err, &forClient) || len(err.Error()) > 150 {
				t.Fatalf("not an error for clients: %v", err)
			}
			return
		}
		if bits := key.N.BitLen(); bits < 2048 || bits > 8192 || key.N.Bit(0) == 0 || key.E <= 3 || key.E%2 == 0 {
			t.Fatalf("accepted %d bits, exponent %d", bits, key.E)
		}
		if again, err := ParsePublicKey(EncodePublicKey(key)); err != nil || !again.Equal(key) {
			t.Fatalf("not the same key again: %v", err)
		}
	})
}
