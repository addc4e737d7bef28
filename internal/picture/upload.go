package picture

import (
	"encoding/base64"
	"strings"
)

// FromText reads the Base64 text of an upload. It takes what clients send for it: the SDK for Python
// sends bytes as it prints them, b'iVBO…'; browsers a data URL; others the URL's alphabet, line breaks,
// or no padding.
func FromText(text string) ([]byte, error) {
	text = strings.TrimSpace(text)
	for _, quote := range []string{"'", `"`} {
		if inner, ok := strings.CutPrefix(text, "b"+quote); ok {
			text = strings.TrimSuffix(inner, quote)
		}
	}
	if head, data, ok := strings.Cut(text, ","); ok && strings.HasPrefix(head, "data:") && strings.HasSuffix(head, ";base64") {
		text = data
	}
	text = strings.TrimRight(plain.Replace(text), "=")
	if text == "" {
		return nil, Unusable("it is required")
	}
	if base64.RawStdEncoding.DecodedLen(len(text)) > MaxBytes+2 {
		return nil, Unusable("it is not less than 2 MB")
	}
	data, err := base64.RawStdEncoding.DecodeString(text)
	if err != nil {
		return nil, Unusable("it is not Base64")
	}
	return data, nil
}

// plain makes the one form of Base64 out of the others.
var plain = strings.NewReplacer("\r", "", "\n", "", `\n`, "", " ", "", "\t", "", "-", "+", "_", "/")
