package picture

import (
	"encoding/base64"
	"strings"
)

// FromText decodes the Base64 text of an upload in the forms that clients send. The SDK for Python
// sends bytes as it prints them, b'iVBO…'; browsers send a data URL; others the URL alphabet, line
// breaks, or no padding.
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

// plain converts the other forms of Base64 to one.
var plain = strings.NewReplacer("\r", "", "\n", "", `\n`, "", " ", "", "\t", "", "-", "+", "_", "/")
