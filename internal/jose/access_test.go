package jose

import (
	"crypto/rsa"
	"encoding/base64"
	"errors"
	"math/big"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"
)

var accessClaimsOfTests = AccessClaims{
	Expires: noon.Add(300 * time.Second).UTC(), UserID: 13056700580915, PodID: 190,
	Entitlements: "profile-manager at2", SessionID: sessionID,
}

func accessKeys() map[string]*rsa.PublicKey {
	key := &ownKey().PublicKey
	return map[string]*rsa.PublicKey{Thumbprint(key): key}
}

func TestAccess(t *testing.T) {
	t.Parallel()
	for entitlements, written := range map[string]string{
		"":                    `""`,
		"profile-manager at2": `"profile-manager at2"`,
		"~?>é":                `"\u007e\u003f\u003e\u00e9"`,
	} {
		claims := accessClaimsOfTests
		claims.Entitlements = entitlements
		token, err := SignAccess(ownKey(), claims)
		if err != nil {
			t.Fatal(err)
		}
		want := `{"exp":1763880300,"sub":"13056700580915","ext_pod_id":190,"policy_id":"app","entitlements":` + written +
			`,"sessionId":"` + sessionID + `"}`
		if got := payloadOf(t, token); got != want {
			t.Errorf("%s, not %s", got, want)
		}
		if got, err := VerifyAccess(accessKeys(), token, noon); err != nil || got != claims {
			t.Errorf("%+v, %v", got, err)
		}
	}
}

func TestAccessUntilItExpires(t *testing.T) {
	t.Parallel()
	token, err := SignAccess(ownKey(), accessClaimsOfTests)
	if err != nil {
		t.Fatal(err)
	}
	for after, want := range map[time.Duration]error{
		-time.Hour:              nil,
		300*time.Second - 1:     nil,
		300 * time.Second:       ErrTime,
		300*time.Second + 1:     ErrTime,
		365 * 24 * time.Hour:    ErrTime,
		299 * time.Second:       nil,
		300*time.Second + 1e9/2: ErrTime,
	} {
		if _, err := VerifyAccess(accessKeys(), token, noon.Add(after)); !errors.Is(err, want) {
			t.Errorf("after %v: %v, not %v", after, err, want)
		}
	}
}

func TestAccessRefuses(t *testing.T) {
	t.Parallel()
	own, stranger := ownKey(), strangerKey()
	kid := Thumbprint(&own.PublicKey)
	header := `{"kid":"` + kid + `","alg":"RS256"}`
	const payload = `{"exp":1763880300,"sub":"7","ext_pod_id":190,"policy_id":"app","entitlements":"","sessionId":"` + sessionID + `"}`
	rs256 := func(key *rsa.PrivateKey, header, payload string) string {
		return seal(t, jwt.SigningMethodRS256, key, encode(header)+"."+encode(payload))
	}
	changed := func(from, to string) string { return rs256(own, header, strings.Replace(payload, from, to, 1)) }
	good := rs256(own, header, payload)
	if _, err := VerifyAccess(accessKeys(), good, noon); err != nil {
		t.Fatalf("the good token: %v", err)
	}
	strangerToken, err := SignAccess(stranger, accessClaimsOfTests)
	if err != nil {
		t.Fatal(err)
	}
	identity, err := SignIdentity(own, IdentityClaims{AppID: "app", UserID: 7, Expires: noon.Add(time.Minute)})
	if err != nil {
		t.Fatal(err)
	}
	_, _, signature := segments(good)
	plain := strings.TrimSuffix(good, signature) + strings.NewReplacer("-", "+", "_", "/").Replace(signature) + "=="
	for name, test := range map[string]struct {
		token string
		want  error
	}{
		"empty":                     {"", ErrMalformed},
		"with Bearer":               {"Bearer " + good, ErrMalformed},
		"a session token":           {SignSession(sessionKey(t, "k"), SessionClaims{SessionID: sessionID}), ErrAlgorithm},
		"an identity token":         {identity, ErrAlgorithm},
		"a login token":             {rs512(t, own, goodHeader, goodPayload), ErrAlgorithm},
		"RS512":                     {rs512(t, own, strings.Replace(header, "256", "512", 1), payload), ErrAlgorithm},
		"RS512 that says RS256":     {rs512(t, own, header, payload), ErrSignature},
		"none":                      {encode(`{"kid":"`+kid+`","alg":"none"}`) + "." + encode(payload) + ".", ErrAlgorithm},
		"no signature":              {strings.TrimSuffix(good, signature), ErrSignature},
		"HS256 with the public key": {seal(t, jwt.SigningMethodHS256, []byte(EncodePublicKey(&own.PublicKey)), encode(`{"kid":"`+kid+`","alg":"HS256"}`)+"."+encode(payload)), ErrAlgorithm},
		"by a stranger":             {strangerToken, ErrNoKey},
		"by a stranger, our kid":    {rs256(stranger, header, payload), ErrSignature},
		"no kid":                    {rs256(own, `{"alg":"RS256"}`, payload), ErrNoKey},
		"kid a number":              {rs256(own, `{"kid":1,"alg":"RS256"}`, payload), ErrNoKey},
		"jwk beside the kid":        {rs256(own, `{"kid":"`+kid+`","alg":"RS256","jwk":{}}`, payload), ErrNoKey},
		"alg twice":                 {rs256(own, `{"kid":"`+kid+`","alg":"none","alg":"RS256"}`, payload), ErrMalformed},
		"signature in plain base64": {plain, ErrMalformed},
		"another payload":           {rs256(own, header, payload)[:len(encode(header))+1] + encode(strings.Replace(payload, "190", "191", 1)) + "." + signature, ErrSignature},
		"payload no JSON":           {rs256(own, header, "x"), ErrMalformed},
		"no exp":                    {changed(`"exp":1763880300,`, ``), ErrClaims},
		"exp a string":              {changed(`1763880300`, `"1763880300"`), ErrClaims},
		"exp with a fraction":       {changed(`1763880300`, `1763880300.5`), ErrClaims},
		"sub a number":              {changed(`"7"`, `7`), ErrClaims},
		"sub a name":                {changed(`"7"`, `"jane"`), ErrClaims},
		"pod a string":              {changed(`190`, `"190"`), ErrClaims},
		"another policy":            {changed(`"app"`, `"user"`), ErrClaims},
		"no policy":                 {changed(`"policy_id":"app",`, ``), ErrClaims},
		"no entitlements":           {changed(`"entitlements":"",`, ``), ErrClaims},
		"entitlements an array":     {changed(`"entitlements":""`, `"entitlements":[]`), ErrClaims},
		"session id too short":      {changed(sessionID, sessionID[1:]), ErrClaims},
		"session id no hex":         {changed(sessionID, "g"+sessionID[1:]), ErrClaims},
	} {
		if got, err := VerifyAccess(accessKeys(), test.token, noon); !errors.Is(err, test.want) || got != (AccessClaims{}) {
			t.Errorf("%s: %+v, %v, not %v", name, got, err, test.want)
		}
	}
	if _, err := VerifyAccess(nil, good, noon); !errors.Is(err, ErrNoKey) {
		t.Errorf("without keys: %v", err)
	}
}

// TestJWKSVerifiesAccess checks that a client that knows only the JWKS verifies an access token, by
// golang-jwt's parser.
func TestJWKSVerifiesAccess(t *testing.T) {
	t.Parallel()
	set := JWKS(&strangerKey().PublicKey, &ownKey().PublicKey)
	token, err := SignAccess(ownKey(), accessClaimsOfTests)
	if err != nil {
		t.Fatal(err)
	}
	parser := jwt.NewParser(jwt.WithValidMethods([]string{"RS256"}), jwt.WithTimeFunc(func() time.Time { return noon }))
	parsed, err := parser.Parse(token, func(token *jwt.Token) (any, error) {
		for _, jwk := range set {
			if jwk["kid"] == token.Header["kid"] {
				return fromJWK(t, jwk), nil
			}
		}
		return nil, errors.New("no such kid")
	})
	if err != nil {
		t.Fatal(err)
	}
	if sub, _ := parsed.Claims.GetSubject(); sub != "13056700580915" {
		t.Errorf("sub %q", sub)
	}
	for _, jwk := range set {
		if len(jwk) != 6 || jwk["kty"] != "RSA" || jwk["use"] != "sig" || jwk["alg"] != "RS256" || jwk["e"] != "AQAB" {
			t.Errorf("%v", jwk)
		}
	}
	if empty := JWKS(); empty == nil || len(empty) != 0 {
		t.Errorf("without keys: %v", empty)
	}
}

func fromJWK(t *testing.T, jwk map[string]string) *rsa.PublicKey {
	t.Helper()
	n, err1 := base64.RawURLEncoding.DecodeString(jwk["n"])
	e, err2 := base64.RawURLEncoding.DecodeString(jwk["e"])
	if err1 != nil || err2 != nil {
		t.Fatal(err1, err2)
	}
	return &rsa.PublicKey{N: new(big.Int).SetBytes(n), E: int(new(big.Int).SetBytes(e).Int64())}
}

// TestIdentityVerifiesWithCertificate checks that the pod certificate is enough for an extension
// app to verify an identity token.
func TestIdentityVerifiesWithCertificate(t *testing.T) {
	t.Parallel()
	text, err := SelfSigned(ownKey(), "podium", noon, noon.AddDate(10, 0, 0))
	if err != nil {
		t.Fatal(err)
	}
	certificate := parseCertificate(t, text)
	user := map[string]any{"id": 7.0, "displayName": "Jané >?~ \\ \"😀", "company": "Acme & Söhne"}
	token, err := SignIdentity(ownKey(), IdentityClaims{AppID: "app?", UserID: 7, Expires: noon.Add(time.Minute), User: user})
	if err != nil {
		t.Fatal(err)
	}
	payloadOf(t, token)
	parser := jwt.NewParser(jwt.WithValidMethods([]string{"RS512"}), jwt.WithTimeFunc(func() time.Time { return noon }),
		jwt.WithAudience("app?"), jwt.WithIssuer("Symphony Communication Services LLC."), jwt.WithSubject("7"), jwt.WithExpirationRequired())
	parsed, err := parser.Parse(token, func(*jwt.Token) (any, error) { return certificate.PublicKey, nil })
	if err != nil {
		t.Fatal(err)
	}
	if claims := parsed.Claims.(jwt.MapClaims); !reflect.DeepEqual(claims["user"], user) || claims["exp"] != 1763880060.0 {
		t.Errorf("%v", claims)
	}
	if _, err := SignIdentity(ownKey(), IdentityClaims{User: func() {}}); err == nil {
		t.Error("signed what JSON cannot express")
	}
}
