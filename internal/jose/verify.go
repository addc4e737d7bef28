package jose

import (
	"crypto/rsa"
	"fmt"
	"math/big"
	"time"

	"github.com/golang-jwt/jwt/v5"
)

// How long a login JWT may be good for. The published rule is now < exp <= now + 300 s;
// the tolerance is for clocks that differ, on either side.
const (
	MaxLoginLife   = 300 * time.Second
	LoginTolerance = 10 * time.Second
)

// Verify checks time and signature. keys are those of the Subject that count now: its
// current key and, during a change of keys, its previous one; none if there is no such
// account. The token may be verified any number of times, since clients send one to
// /login and to /relay. Errors wrap ErrTime, ErrNoKey or ErrSignature.
//
// A refusal takes as long for a name that nobody has as for one with a key, so that
// nobody can measure which accounts exist: see verify. Two differences stay: an account
// with two keys of the same size costs one verification more, and an exponent other than
// the usual 65537 costs what it costs.
func (l *Login) Verify(keys []*rsa.PublicKey, now time.Time) error {
	_, err := l.verify(keys, now)
	return err
}

// verify counts the modular exponentiations it makes, for the test. RSA verification
// exponentiates only if the signature has the size of the key and is below it as a
// number. Where no key is of that kind, a decoy is; so the work follows from the
// signature, which the sender knows, and not from the keys, which he does not.
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
		// Whatever this says, the answer is no: anyone can sign for the decoy.
		_ = jwt.SigningMethodRS512.Verify(l.signed, l.signature, decoy(len(l.signature)))
	}
	return exponentiations, failure
}

// inTime wants now - tolerance < exp <= now + life + tolerance.
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

// fits tells whether a key could have made a signature.
func fits(signature []byte, key *rsa.PublicKey) bool {
	return len(signature) == key.Size() && new(big.Int).SetBytes(signature).Cmp(key.N) < 0
}

// decoy is a public key that belongs to nobody, of so many bytes: the modulus is all
// ones. Verifying costs what it costs with any other modulus of that size.
func decoy(size int) *rsa.PublicKey {
	one := big.NewInt(1)
	n := new(big.Int).Lsh(one, uint(8*size))
	return &rsa.PublicKey{N: n.Sub(n, one), E: 65537}
}
