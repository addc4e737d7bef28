package session

import (
	"crypto/rsa"

	lru "github.com/hashicorp/golang-lru/v2"

	"podium/internal/jose"
)

// maxKeys is how many public keys a keyring caches: a few megabytes.
const maxKeys = 4096

// keyring parses public keys and caches them by their text. The database says each time which keys
// an account has.
type keyring struct {
	parsed *lru.Cache[string, *rsa.PublicKey]
}

func newKeyring() *keyring {
	parsed, err := lru.New[string, *rsa.PublicKey](maxKeys)
	if err != nil {
		panic(err) // the size is not positive
	}
	return &keyring{parsed}
}

func (k *keyring) read(texts []string) ([]*rsa.PublicKey, error) {
	var keys []*rsa.PublicKey
	for _, text := range texts {
		key, known := k.parsed.Get(text)
		if !known {
			var err error
			if key, err = jose.ParsePublicKey(text); err != nil {
				return nil, err
			}
			k.parsed.Add(text, key)
		}
		keys = append(keys, key)
	}
	return keys, nil
}
