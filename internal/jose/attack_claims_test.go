package jose

import (
	"strings"
	"testing"
)

// claimAttacks returns correctly signed tokens: an account's owner may be the attacker.
func claimAttacks(t *testing.T) []attack {
	t.Helper()
	own := ownKey()
	var attacks []attack
	add := func(name, payload string, want error) {
		attacks = append(attacks, attack{name, rs512(t, own, goodHeader, payload), want})
	}

	for _, test := range []struct {
		exp  string
		want error
	}{
		{`1763880001`, nil},
		{`1763880100.25`, nil},
		{`1.7638801e9`, nil},
		{`1763880100.0`, nil},
		{`1763880300`, nil},            // 300 s, as Postman
		{`1763880310`, nil},            // with all the tolerance
		{`1763879991`, nil},            // 9 s past
		{`1763879990`, ErrTime},        // 10 s past
		{`1763880311`, ErrTime},        // 311 s ahead
		{`1763880600`, ErrTime},        // 10 minutes ahead
		{`1795416000`, ErrTime},        // a year ahead
		{`1`, ErrTime},                 // long past
		{`1763880240000`, ErrClaims},   // milliseconds
		{`1763880240000.5`, ErrClaims}, // the same with a fraction
		{`0`, ErrClaims},
		{`-0`, ErrClaims},
		{`-1`, ErrClaims},
		{`-1763880240`, ErrClaims},
		{`1e300`, ErrClaims},
		{`-1e300`, ErrClaims},
		{`1e999`, ErrClaims},
		{`1e-999`, ErrClaims},
		{`9223372036854775807`, ErrClaims},
		{`18446744075473431856`, ErrClaims}, // 2^64 + 240 s ahead
		{`17638801` + strings.Repeat("0", 5000), ErrClaims},
		{`1763880100.` + strings.Repeat("0", 5000), nil},
		{`"1763880240"`, ErrClaims},
		{`"2025-11-23T07:00:00Z"`, ErrClaims},
		{`""`, ErrClaims},
		{`true`, ErrClaims},
		{`null`, ErrClaims},
		{`[1763880240]`, ErrClaims},
		{`{"seconds":1763880240}`, ErrClaims},
		{`NaN`, ErrMalformed},
		{`Infinity`, ErrMalformed},
		{`+1763880240`, ErrMalformed},
		{`01763880240`, ErrMalformed},
		{`0x6922E0F0`, ErrMalformed},
		{`1_763_880_240`, ErrMalformed},
		{`1763880240.`, ErrMalformed},
		{``, ErrMalformed},
	} {
		name := "exp " + test.exp
		if len(name) > 40 {
			name = name[:40]
		}
		add(name, `{"sub":"bot","exp":`+test.exp+`}`, test.want)
	}
	add("exp missing", `{"sub":"bot"}`, ErrClaims)
	add("exp in another case", `{"sub":"bot","EXP":1763880240}`, ErrClaims)
	add("exp nested", `{"sub":"bot","claims":{"exp":1763880240}}`, ErrClaims)
	add("exp twice", `{"sub":"bot","exp":1,"exp":1763880240}`, ErrMalformed)

	for _, test := range []struct {
		name, sub string
		want      error
	}{
		{"missing", ``, ErrClaims},
		{"in another case", `"SUB":"bot",`, ErrClaims},
		{"empty", `"sub":"",`, ErrClaims},
		{"null", `"sub":null,`, ErrClaims},
		{"a number", `"sub":7,`, ErrClaims},
		{"true", `"sub":true,`, ErrClaims},
		{"an array", `"sub":["bot"],`, ErrClaims},
		{"an object", `"sub":{"bot":"bot"},`, ErrClaims},
		{"of 256 bytes", `"sub":"` + strings.Repeat("x", 256) + `",`, nil},
		{"of 256 bytes in few characters", `"sub":"` + strings.Repeat("é", 128) + `",`, nil},
		{"of 257 bytes", `"sub":"` + strings.Repeat("x", 257) + `",`, ErrClaims},
		{"of 257 bytes in few characters", `"sub":"` + strings.Repeat("é", 128) + `x",`, ErrClaims},
		{"of 10 KB", `"sub":"` + strings.Repeat("x", 10_000) + `",`, ErrClaims},
		{"with NUL", `"sub":"bot\u0000",`, ErrClaims},
		{"with a raw NUL", "\"sub\":\"bot\x00\",", ErrMalformed},
		{"with a line break", `"sub":"bot\nlevel=info",`, ErrClaims},
		{"with an escape sequence", `"sub":"\u001b[2Jbot",`, ErrClaims},
		{"with a lone surrogate", `"sub":"\ud83d",`, ErrClaims},
		{"with a pair of surrogates", `"sub":"\ud83d\ude00",`, nil},
		{"not UTF-8", "\"sub\":\"bot\xff\",", ErrMalformed},
		{"overlong UTF-8", "\"sub\":\"\xc0\xae\",", ErrMalformed},
		{"a surrogate in UTF-8", "\"sub\":\"\xed\xa0\xbd\",", ErrMalformed},
		{"twice", `"sub":"bot","sub":"admin",`, ErrMalformed},
		{"twice in two cases", `"sub":"bot","Sub":"admin",`, ErrMalformed},
		{"twice, the long s", `"sub":"bot","\u017fub":"admin",`, ErrMalformed},
		{"twice, once escaped", `"sub":"bot","s\u0075b":"admin",`, ErrMalformed},
		{"with SQL", `"sub":"' OR 1=1 --",`, nil},
	} {
		add("sub "+test.name, `{`+test.sub+`"exp":1763880240}`, test.want)
	}

	add("iat, as Node has it", `{"sub":"bot","iat":1763880000,"exp":1763880240}`, nil)
	add("iat and nbf ahead, of the wrong kind", `{"sub":"bot","exp":1763880240,"iat":9e9,"nbf":"tomorrow"}`, nil)
	add("claims that make an admin", `{"sub":"bot","exp":1763880240,"admin":true,"roles":["SUPER_ADMINISTRATOR"],"userId":"1"}`, nil)
	add("iss, aud and jti", `{"sub":"bot","exp":1763880240,"iss":"x","aud":["y"],"jti":"z"}`, nil)
	add("a name twice deep inside", `{"sub":"bot","exp":1763880240,"x":[{"a":1,"a":2}]}`, ErrMalformed)
	add("one name in two objects", `{"sub":"bot","exp":1763880240,"x":[{"sub":1},{"sub":2}]}`, nil)
	add("__proto__", `{"sub":"bot","exp":1763880240,"__proto__":{"sub":"admin"}}`, nil)
	return attacks
}
