package jose

import (
	"crypto/rsa"
	"fmt"
	"math/big"
	"time"

	"github.com/golang-jwt/jwt/v5"
)

// Limits of the life of a login JWT. The published rule is now < exp <= now + 300 s; the tolerance
// is for clocks that differ, in both directions.
const (
	MaxLoginLife   = 300 * time.Second
	LoginTolerance = 10 * time.Second
)

// Verify checks the time and the signature. keys are the valid keys of the Subject: its current key
// and, during a change of keys, its previous one; none if there is no such account. The token may
// be verified any number of times, since clients send one token to /login and to /relay. Errors
// wrap ErrTime, ErrNoKey or ErrSignature.
//
// A refusal takes as long for an unknown name as for one with a key, so that no client can find out
// which accounts exist by measuring time: see verify. Two differences remain. An account with two
// keys of the same size costs one verification more. An exponent other than the usual 65537 takes a
// different time.
func (l *Login) Verify(keys []*rsa.PublicKey, now time.Time) error {
	_, err := l.verify(keys, now)
	return err
}

// verify returns the number of modular exponentiations it made, for the test. RSA verification
// exponentiates only if the signature has the size of the key and is a smaller number. If it makes
// none with any key, it makes one with a decoy. So the work depends on the signature, which the
// sender knows, and not on the keys, which the sender does not know.
func (l *Login) verify(keys []*rsa.PublicKey, now time.Time) (exponentiations int, err error) {
	if err := l.inTime(now); err != nil { // the same for every account, so it may come first
		return 0, err
	}
	failure := fmt.Errorf("%w: the subject has none", ErrNoKey)
	for _, key := range keys {
		if checkPublicKey(key) != nil {
			continue
		}
		failure = ErrSignature
		if !fits(l.signature, key) {
			continue
		}
		exponentiations++
		if jwt.SigningMethodRS512.Verify(l.signed, l.signature, key) == nil {
			return exponentiations, nil
		}
	}
	if exponentiations == 0 {
		exponentiations++
		// Whatever the result, the answer is no: anyone can sign for the decoy.
		_ = jwt.SigningMethodRS512.Verify(l.signed, l.signature, decoy(len(l.signature)))
	}
	return exponentiations, failure
}

// inTime requires now - tolerance < exp <= now + life + tolerance.
func (l *Login) inTime(now time.Time) error {
	left := l.exp - float64(now.UnixNano())/1e9
	switch {
	case left <= -LoginTolerance.Seconds():
		return fmt.Errorf("%w: expired %.0f s ago", ErrTime, -left)
	case left > (MaxLoginLife + LoginTolerance).Seconds():
		return fmt.Errorf("%w: %.0f s left, more than %.0f", ErrTime, left, MaxLoginLife.Seconds())
	}
	return nil
}

// fits reports whether a key could have made a signature.
func fits(signature []byte, key *rsa.PublicKey) bool {
	return len(signature) == key.Size() && new(big.Int).SetBytes(signature).Cmp(key.N) < 0
}

// decoy returns a public key of so many bytes that no account has: the modulus is all ones.
// Verifying with it costs what it costs with any other modulus of that size.
func decoy(size int) *rsa.PublicKey {
	one := big.NewInt(1)
	n := new(big.Int).Lsh(one, uint(8*size))
	return &rsa.PublicKey{N: n.Sub(n, one), E: 65537}
}
