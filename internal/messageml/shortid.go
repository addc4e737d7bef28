package messageml

import (
	"crypto/rand"
	"encoding/base64"
)

// newID returns a short random id for a generated attribute.
func (b *builder) newID() string {
	if b.options.NewID != nil {
		return b.options.NewID()
	}
	var bits [8]byte
	rand.Read(bits[:])
	return base64.RawURLEncoding.EncodeToString(bits[:])[:10]
}
