package session

import (
	"crypto/rsa"

	lru "github.com/hashicorp/golang-lru/v2"

	"podium/internal/jose"
)

// maxKeys is how many public keys a keyring remembers, a few megabytes of them.
const maxKeys = 4096

// keyring reads public keys, and remembers those read lately: a key's text always gives the
// same key. Which keys an account has is asked of the database each time.
type keyring struct {
	parsed *lru.Cache[string, *rsa.PublicKey]
}

func newKeyring() *keyring {
	parsed, err := lru.New[string, *rsa.PublicKey](maxKeys)
	if err != nil {
		panic(err) // the size is wrong
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
