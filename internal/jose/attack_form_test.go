package jose

import (
	"encoding/base64"
	"strings"
	"testing"
)

// formAttacks returns tokens of a wrong shape, size or spelling. Where there is a signature, it is
// right for these bytes.
func formAttacks(t *testing.T) []attack {
	t.Helper()
	own := ownKey()
	good := rs512(t, own, goodHeader, goodPayload)
	head, body, signature := segments(good)
	raw := func(signed string) string { return seal(t, rs512Method, own, signed) }
	payload := func(text string) string { return rs512(t, own, goodHeader, text) }
	std := func(text string) string { return base64.StdEncoding.EncodeToString([]byte(text)) }

	// About 4000 characters fill the token to its limit exactly.
	filler := strings.Repeat("x", (maxToken-len(good))*3/4-20)
	large := payload(`{"sub":"bot","exp":1763880240,"x":"` + filler + `"}`)
	return []attack{
		{"the good token", good, nil},
		{"empty", "", ErrMalformed},
		{"no dot", head, ErrMalformed},
		{"one dot", ".", ErrMalformed},
		{"two dots", "..", ErrMalformed},
		{"two segments", head + "." + body, ErrMalformed},
		{"two segments, signed", head + "." + signature, ErrMalformed},
		{"four segments", good + "." + signature, ErrMalformed},
		{"four segments, the last empty", good + ".", ErrMalformed},
		{"five segments, as JWE", rs512(t, own, `{"alg":"RSA-OAEP","enc":"A256GCM"}`, goodPayload) + ".x.y", ErrMalformed},
		{"five segments, signed", raw(head + "." + body + "." + head + "." + body), ErrMalformed},
		{"dot in front", "." + good, ErrMalformed},
		{"empty payload", raw(head + "."), ErrMalformed},
		{"empty header", raw("." + body), ErrMalformed},
		{"1 MiB of dots", strings.Repeat(".", 1<<20), ErrMalformed},
		{"10 MiB of letters", strings.Repeat("A", 10<<20), ErrMalformed},
		{"10 MiB in three segments", head + "." + strings.Repeat("A", 10<<20) + "." + signature, ErrMalformed},
		{"a signature of 15 KiB", head + "." + body + "." + strings.Repeat("A", 15<<10), ErrMalformed},
		{"nearly 16 KiB", large, nil},
		{"more than 16 KiB", payload(`{"sub":"bot","exp":1763880240,"x":"` + filler + strings.Repeat("x", 200) + `"}`), ErrMalformed},

		{"space in front", " " + good, ErrMalformed},
		{"space behind", good + " ", ErrMalformed},
		{"line break behind", good + "\n", ErrMalformed},
		{"CRLF behind", good + "\r\n", ErrMalformed},
		{"Bearer in front", "Bearer " + good, ErrMalformed},
		{"line break in the header", raw(head[:5] + "\n" + head[5:] + "." + body), ErrMalformed},
		{"line break in the payload", raw(head + "." + body[:5] + "\r\n" + body[5:]), ErrMalformed},
		{"line break in the signature", head + "." + body + "." + signature[:64] + "\n" + signature[64:], ErrMalformed},
		{"tab in the payload", raw(head + "." + body[:5] + "\t" + body[5:]), ErrMalformed},
		{"NUL behind", good + "\x00", ErrMalformed},
		{"NUL in the header", raw(head + "\x00." + body), ErrMalformed},
		{"NUL in the signature", head + "." + body + ".\x00" + signature, ErrMalformed},
		{"percent encoding", strings.Replace(good, ".", "%2E", 1), ErrMalformed},
		{"full-width dot", strings.Replace(good, ".", "\uff0e", 1), ErrMalformed},
		{"not ASCII", raw(head + "." + body + "é"), ErrMalformed},
		{"JSON serialization", `{"payload":"` + body + `","protected":"` + head + `","signature":"` + signature + `"}`, ErrMalformed},

		{"header padded", raw(std(`{"alg":"RS512"}`+"  ") + "." + body), ErrMalformed},
		{"payload padded", raw(head + "." + std(goodPayload+"  ")), ErrMalformed},
		{"payload in plain base64", raw(head + "." + strings.TrimRight(std(`{"sub":"~~~???>>>","exp":1763880240}`), "=")), ErrMalformed},
		{"payload with loose bits", raw(head + "." + encode(goodPayload + " ")[:len(encode(goodPayload+" "))-1] + "B"), ErrMalformed},

		{"payload an array", payload(`["bot",1763880240]`), ErrMalformed},
		{"payload a string", payload(`"bot"`), ErrMalformed},
		{"payload a number", payload(`1763880240`), ErrMalformed},
		{"payload null", payload(`null`), ErrMalformed},
		{"payload not JSON", payload(`sub=bot&exp=1763880240`), ErrMalformed},
		{"payload bytes", payload("\x00\x01\x02"), ErrMalformed},
		{"payload cut short", payload(goodPayload[:len(goodPayload)-1]), ErrMalformed},
		{"payload with text after", payload(goodPayload + "x"), ErrMalformed},
		{"payload with NUL after", payload(goodPayload + "\x00"), ErrMalformed},
		{"payload with an object after", payload(goodPayload + goodPayload), ErrMalformed},
		{"payload with space around", payload(" \n" + goodPayload + "\t"), nil},
		{"payload with a byte order mark", payload("\ufeff" + goodPayload), ErrMalformed},
		{"payload in UTF-16", payload("{\x00}\x00"), ErrMalformed},
		{"payload with a comma too many", payload(`{"sub":"bot","exp":1763880240,}`), ErrMalformed},
		{"payload with a comment", payload(`{"sub":"bot",/**/"exp":1763880240}`), ErrMalformed},
		{"payload with single quotes", payload(`{'sub':'bot','exp':1763880240}`), ErrMalformed},
		{"payload a token", payload(good), ErrMalformed},
		{"payload compressed", rs512(t, own, `{"alg":"RS512","zip":"DEF"}`, "\xabV*.MR\xb2RJ\xca/Q\xaa\x05\x00"), ErrMalformed},
		{"nested 100 000 deep", payload(strings.Repeat(`[`, 100_000) + strings.Repeat(`]`, 100_000)), ErrMalformed},
		{"nested 6000 deep", payload(`{"sub":"bot","exp":1763880240,"x":` + strings.Repeat("[", 4500) + strings.Repeat("]", 4500) + `}`), ErrMalformed},
		{"nested 1000 objects deep", payload(`{"sub":"bot","exp":1763880240,"x":` + strings.Repeat(`{"a":`, 1000) + "1" + strings.Repeat("}", 1000) + `}`), ErrMalformed},
		{"nested 16 deep", payload(`{"sub":"bot","exp":1763880240,"x":` + strings.Repeat("[", 15) + strings.Repeat("]", 15) + `}`), nil},
		{"nested 17 deep", payload(`{"sub":"bot","exp":1763880240,"x":` + strings.Repeat("[", 16) + strings.Repeat("]", 16) + `}`), ErrMalformed},
		{"nested and not closed", payload(`{"sub":"bot","exp":1763880240,"x":` + strings.Repeat("[", 4000)), ErrMalformed},
	}
}

// segments splits a valid token.
func segments(token string) (header, payload, signature string) {
	all := strings.Split(token, ".")
	return all[0], all[1], all[2]
}
