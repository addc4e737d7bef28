package jose

import (
	"encoding/asn1"
	"encoding/base64"
	"strings"
)

// maxKeyText is the longest text read as a key, in bytes. A private key of 8192 bits
// takes about 6500.
const maxKeyText = 16 << 10

// KeyError is a sentence for the client that says what is wrong with a key. It never quotes the
// key.
type KeyError string

func (e KeyError) Error() string { return string(e) }

const errKeyTooLong KeyError = "the key is longer than 16384 bytes"

// unwrap returns the label and the content of the only PEM block of a text. Unlike encoding/pem it
// ignores lost or doubled line breaks, which occur in transit. It is stricter about all else:
// nothing may precede or follow the block.
func unwrap(text string) (label string, der []byte, ok bool) {
	// Text that was encoded as JSON twice has a backslash and an n where a line ended.
	text = strings.NewReplacer(`\r`, " ", `\n`, " ").Replace(text)
	text, ok = strings.CutPrefix(strings.TrimSpace(text), "-----BEGIN ")
	if !ok {
		return "", nil, false
	}
	label, text, ok = strings.Cut(text, "-----")
	if !ok {
		return "", nil, false
	}
	text, ok = strings.CutSuffix(text, "-----END "+label+"-----")
	if !ok {
		return "", nil, false
	}
	der, err := base64.StdEncoding.Strict().DecodeString(strings.Join(strings.Fields(text), ""))
	return label, der, err == nil
}

// looksPrivate reports whether DER is a private key of any kind. PKCS#1, PKCS#8 and SEC 1 all are a
// sequence that begins with a small version number, and no public key is. It looks at no more than
// that, because parsing a private key is slow.
func looksPrivate(der []byte) bool {
	var outer asn1.RawValue
	if _, err := asn1.Unmarshal(der, &outer); err != nil || outer.Tag != asn1.TagSequence {
		return false
	}
	var version int
	_, err := asn1.Unmarshal(outer.Bytes, &version)
	return err == nil && version >= 0 && version <= 2
}
