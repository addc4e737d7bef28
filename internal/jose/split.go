package jose

import (
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
)

// The kinds of refusal. Errors wrap one of them and add detail for the log; clients learn nothing
// of it. No error quotes a token.
var (
	ErrMalformed = errors.New("malformed token") // not a JWT by the rules of this package
	// signed with another algorithm, or its header names another
	ErrAlgorithm = errors.New("wrong algorithm")
	ErrHeader    = errors.New("forbidden header member") // names a key or an extension of its own
	ErrClaims    = errors.New("unusable claims")         // a claim is missing or of the wrong kind
	ErrTime      = errors.New("not within its time")     // expired, or valid for too long
	ErrNoKey     = errors.New("no key to verify with")   // none is registered, or the kid is unknown
	ErrSignature = errors.New("wrong signature")         // none of the given keys has signed this
)

// Limits of a token from outside, in bytes. Real ones have about 700.
const (
	maxToken  = 16 << 10
	maxHeader = 4 << 10
)

// parts holds the three segments of a token, of which only the header has been parsed. None of it
// is verified.
type parts struct {
	header    map[string]any // as returned by members
	payload   string         // encoded
	signature string         // encoded
	signed    string         // the signed text: header and payload, encoded
}

// split splits a token in JWS compact form and parses its header.
func split(token string) (parts, error) {
	if len(token) > maxToken {
		return parts{}, fmt.Errorf("%w: longer than %d bytes", ErrMalformed, maxToken)
	}
	if n := strings.Count(token, "."); n != 2 {
		return parts{}, fmt.Errorf("%w: %d segments instead of 3", ErrMalformed, n+1)
	}
	end := strings.LastIndexByte(token, '.')
	header, payload, _ := strings.Cut(token[:end], ".")
	if len(header) > maxHeader {
		return parts{}, fmt.Errorf("%w: the header is longer than %d bytes", ErrMalformed, maxHeader)
	}
	read, err := decodeMembers(header)
	if err != nil {
		return parts{}, fmt.Errorf("%w: header: %w", ErrMalformed, err)
	}
	return parts{header: read, payload: payload, signature: token[end+1:], signed: token[:end]}, nil
}

// decodeMembers parses a header or payload segment.
func decodeMembers(segment string) (map[string]any, error) {
	data, err := decode(base64.RawURLEncoding, segment)
	if err != nil {
		return nil, err
	}
	return members(data)
}

var errNotBase64 = errors.New("not base64")

// decode decodes strict base64: a text has one spelling. Go's decoder ignores line breaks, and its
// errors may quote the text.
func decode(encoding *base64.Encoding, text string) ([]byte, error) {
	if strings.ContainsAny(text, "\r\n") {
		return nil, errNotBase64
	}
	data, err := encoding.Strict().DecodeString(text)
	if err != nil {
		return nil, errNotBase64
	}
	return data, nil
}
