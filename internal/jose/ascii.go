package jose

import (
	"encoding/base64"
	"unicode/utf16"
)

// Java and Postman decode payloads with the plain base64 alphabet, so a payload must not contain -
// or _. These are the sextets 62 and 63. From bytes below 0x80 they arise only as the low six bits
// of a third byte, which is then one of >, ?, ~ and DEL. Outside its strings JSON has none of the
// four, and nothing beyond ASCII. Inside its strings all of these may be written as \uXXXX.

// encodeASCII returns the payload segment of a JSON text: base64url without - and _.
func encodeASCII(text []byte) string {
	ascii := make([]byte, 0, len(text)+16)
	for _, r := range string(text) {
		ascii = appendRune(ascii, r)
	}
	return base64.RawURLEncoding.EncodeToString(ascii)
}

// appendString appends a JSON string without unescaped quotes or backslashes in it, so that its end
// is the next quote. Bytes that are not UTF-8 become U+FFFD.
func appendString(to []byte, text string) []byte {
	to = append(to, '"')
	for _, r := range text {
		if r < ' ' || r == '"' || r == '\\' {
			to = appendEscape(to, r)
		} else {
			to = appendRune(to, r)
		}
	}
	return append(to, '"')
}

// appendRune appends a character of JSON, escaped if it could put - or _ into the payload.
func appendRune(to []byte, r rune) []byte {
	switch {
	case r == '>', r == '?', r == '~', r >= 0x7f && r <= 0xffff:
		return appendEscape(to, r)
	case r > 0xffff:
		high, low := utf16.EncodeRune(r)
		return appendEscape(appendEscape(to, high), low)
	}
	return append(to, byte(r))
}

func appendEscape(to []byte, unit rune) []byte {
	const hex = "0123456789abcdef"
	return append(to, '\\', 'u', hex[unit>>12&15], hex[unit>>8&15], hex[unit>>4&15], hex[unit&15])
}
