package jose

import (
	"fmt"
	"strings"
	"testing"
)

// headerAttacks returns tokens that are correctly signed, unless they bring an attacker's key.
func headerAttacks(t *testing.T, url string) []attack {
	t.Helper()
	own, stranger := ownKey(), strangerKey()
	n, e := parameters(&stranger.PublicKey)
	jwk := fmt.Sprintf(`{"kty":"RSA","n":%q,"e":%q}`, n, e)
	certificate, err := SelfSigned(stranger, "bot", noon, noon.AddDate(1, 0, 0))
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(certificate), "\n")
	x5c := `["` + strings.Join(lines[1:len(lines)-1], "") + `"]`

	with := func(members string) string { return `{"alg":"RS512",` + members + `}` }
	attacks := []attack{
		{"typ missing", rs512(t, own, `{"alg":"RS512"}`, goodPayload), nil},
		{"typ other", rs512(t, own, with(`"typ":"at+jwt"`), goodPayload), nil},
		{"typ not a string", rs512(t, own, with(`"typ":7`), goodPayload), nil},
		{"unknown member", rs512(t, own, with(`"x":{"y":[1,2]}`), goodPayload), nil},
		{"header with spaces", rs512(t, own, "{ \"alg\" :\t\"RS512\"\r\n}", goodPayload), nil},
		{"jwk of the stranger", rs512(t, stranger, with(`"jwk":`+jwk), goodPayload), ErrHeader},
		{"x5c of the stranger", rs512(t, stranger, with(`"x5c":`+x5c), goodPayload), ErrHeader},
		{"jku to the stranger's keys", rs512(t, stranger, with(`"jku":"`+url+`","kid":"1"`), goodPayload), ErrHeader},
		{"x5u to the stranger's certificate", rs512(t, stranger, with(`"x5u":"`+url+`"`), goodPayload), ErrHeader},
		{"kid to the stranger's keys", rs512(t, stranger, with(`"kid":"`+url+`"`), goodPayload), ErrSignature},
		{"kid is the stranger's thumbprint", rs512(t, stranger, with(`"kid":"`+Thumbprint(&stranger.PublicKey)+`"`), goodPayload), ErrSignature},
		{"crit names exp", rs512(t, own, with(`"crit":["exp"],"exp":1`), goodPayload), ErrHeader},
		{"crit empty", rs512(t, own, with(`"crit":[]`), goodPayload), ErrHeader},
		{"b64 false, with crit", rs512(t, own, with(`"b64":false,"crit":["b64"]`), goodPayload), ErrHeader},
		{"b64 false", rs512(t, own, with(`"b64":false`), goodPayload), ErrHeader},
		{"b64 false, payload in clear", seal512Clear(t), ErrHeader},
		{"b64 true", rs512(t, own, with(`"b64":true`), goodPayload), ErrHeader},
		{"alg twice", rs512(t, own, `{"alg":"none","alg":"RS512"}`, goodPayload), ErrMalformed},
		{"alg twice, the other way", rs512(t, own, `{"alg":"RS512","alg":"none"}`, goodPayload), ErrMalformed},
		{"alg twice in two cases", rs512(t, own, `{"alg":"RS512","ALG":"none"}`, goodPayload), ErrMalformed},
		{"alg twice, once escaped", rs512(t, own, `{"alg":"RS512","\u0061lg":"none"}`, goodPayload), ErrMalformed},
		{"kid twice in two scripts", rs512(t, own, with(`"kid":"1","\u212aid":"2"`), goodPayload), ErrMalformed},
		{"header an array", rs512(t, own, `["alg","RS512"]`, goodPayload), ErrMalformed},
		{"header a string", rs512(t, own, `"RS512"`, goodPayload), ErrMalformed},
		{"header null", rs512(t, own, `null`, goodPayload), ErrMalformed},
		{"header empty", rs512(t, own, ``, goodPayload), ErrMalformed},
		{"header with text after", rs512(t, own, goodHeader+"x", goodPayload), ErrMalformed},
		{"header with an object after", rs512(t, own, goodHeader+`{"alg":"none"}`, goodPayload), ErrMalformed},
		{"header with a byte order mark", rs512(t, own, "\ufeff"+goodHeader, goodPayload), ErrMalformed},
		{"header not UTF-8", rs512(t, own, with("\"kid\":\"\xff\""), goodPayload), ErrMalformed},
		{"header of 64 KiB", rs512(t, own, with(`"kid":"`+strings.Repeat("x", 64<<10)+`"`), goodPayload), ErrMalformed},
		{"header of 5 KiB", rs512(t, own, with(`"kid":"`+strings.Repeat("x", 5<<10)+`"`), goodPayload), ErrMalformed},
		{"header nested deep", rs512(t, own, with(`"x":`+strings.Repeat("[", 500)+strings.Repeat("]", 500)), goodPayload), ErrMalformed},
	}
	// No kid is looked up, so the right signature counts.
	for _, kid := range []string{
		`../../../../../../dev/null`, `/proc/self/environ`, `' OR '1'='1`, `x'; DROP TABLE users; --`,
		`| id`, url, `file:///etc/passwd`, `ldap://127.0.0.1/x`, `\u0000`, `${jndi:ldap://127.0.0.1/x}`,
	} {
		attacks = append(attacks, attack{"kid " + kid, rs512(t, own, with(`"kid":"`+kid+`"`), goodPayload), nil})
	}
	attacks = append(attacks, attack{"kid not a string", rs512(t, own, with(`"kid":{"a":1}`), goodPayload), nil})
	// These members are refused even with the right signature.
	for _, member := range []string{"jku", "x5u", "jwk", "x5c", "x5t", "x5t#S256", "crit", "JKU", "Jwk", `x5\u0075`} {
		attacks = append(attacks, attack{member + " with the right signature", rs512(t, own, with(`"`+member+`":"`+url+`"`), goodPayload), ErrHeader})
	}
	return attacks
}

// seal512Clear returns a token with an unencoded payload (RFC 7797), signed as such.
func seal512Clear(t *testing.T) string {
	t.Helper()
	signed := encode(`{"alg":"RS512","b64":false,"crit":["b64"]}`) + "." + goodPayload
	return seal(t, rs512Method, ownKey(), signed)
}
