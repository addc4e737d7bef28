package jose

import (
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"hash"
	"sync"
)

// minSecret is the shortest secret of a SessionKey, in bytes.
const minSecret = 32

// ErrSession is the error for any session or key-manager token that this pod has not made. It gives
// no detail, so that an attacker learns nothing.
var ErrSession = errors.New("not a token of this pod")

// SessionKey makes and verifies session and key-manager tokens, and the signatures of links. Each
// kind has its own key, derived from one secret, so that none passes for another. It is safe for
// concurrent use.
type SessionKey struct {
	session    mac
	keyManager mac
	link       mac
}

// SessionKeys holds the key that signs and, while tokens of the previous key are still valid, that
// one. Either may be nil.
type SessionKeys struct {
	Current, Previous *SessionKey
}

// NewSessionKey returns the key of a random secret of at least 32 bytes. All nodes of a pod have
// the same secret.
func NewSessionKey(secret []byte) (*SessionKey, error) {
	if len(secret) < minSecret {
		return nil, errors.New("the secret of session tokens has fewer than 32 bytes")
	}
	k := new(SessionKey)
	for purpose, m := range map[string]*mac{
		"podium session token 1":     &k.session,
		"podium key manager token 1": &k.keyManager,
		"podium link 1":              &k.link,
	} {
		derived, err := hkdf.Key(sha256.New, secret, nil, purpose, sha256.Size)
		if err != nil {
			return nil, err
		}
		m.pool.New = func() any { return &macState{hash: hmac.New(sha256.New, derived)} }
	}
	return k, nil
}

// NewSessionID returns a new random session id: 32 characters of 0-9a-f.
func NewSessionID() string {
	var id [sessionIDLength / 2]byte
	rand.Read(id[:]) // never fails
	return hex.EncodeToString(id[:])
}

// mac is HMAC-SHA256 with one key. The pool saves the five allocations and the hashing of the key
// that a new HMAC costs.
type mac struct {
	pool sync.Pool // of *macState
}

type macState struct {
	hash    hash.Hash
	scratch []byte
	sum     []byte
}

// of returns the MAC of a text.
func (m *mac) of(text string) (sum [sha256.Size]byte) {
	state := m.pool.Get().(*macState)
	state.scratch = append(state.scratch[:0], text...)
	state.hash.Reset()
	state.hash.Write(state.scratch)
	state.sum = state.hash.Sum(state.sum[:0])
	copy(sum[:], state.sum)
	m.pool.Put(state)
	return sum
}
