package signin

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"net/netip"
	"slices"
	"strings"
	"time"

	"podium/internal/apierr"
	"podium/internal/db"
	"podium/internal/wire"
	"podium/internal/wording"
)

// limit is how many tries may fail at once, and after which time there is one more.
type limit struct {
	burst  int
	refill time.Duration
}

// The limits of sign-ins that fail. A try counts from its beginning, so that many at once do not
// pass together; one that succeeds does not count afterwards.
//
// All browsers that an account has never signed in with share the tries of the account. A stranger
// who uses them up does not lock its owner out: a browser that the owner has signed in with has
// tries of its own (device).
var (
	perAddress = limit{burst: 30, refill: 10 * time.Second}
	perAccount = limit{burst: 10, refill: time.Minute}
	perDevice  = limit{burst: 10, refill: time.Minute}
)

// bucket is what a limit counts the tries of.
type bucket struct {
	key string
	limit
}

// ofAddress counts the tries of a client's address; of IPv6, of a /64, because a client usually has
// all of its addresses.
func ofAddress(address string) bucket {
	if a, err := netip.ParseAddr(address); err == nil {
		a = a.Unmap().WithZone("")
		address = a.String()
		if a.Is6() {
			address = netip.PrefixFrom(a, 64).Masked().String()
		}
	}
	return bucket{"address " + address, perAddress}
}

// ofAccount counts the tries of strangers for a user name, whether or not an account has it.
func ofAccount(company wire.CompanyID, username string) bucket {
	return bucket{"account " + company.String() + " " + digest(wording.Fold(username)), perAccount}
}

func digest(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}

var errTooMany = apierr.Busy("Too many sign-ins have failed. Wait a minute and try again.")

// take counts a try in each of the buckets. If one of them is used up, it counts none, and fails
// with 429.
func (s *Service) take(ctx context.Context, buckets ...bucket) error {
	inOrder(buckets)
	_, err := db.Write(ctx, s.DB, func(tx *db.Tx) (struct{}, error) {
		for _, b := range buckets {
			if err := b.take(tx); err != nil {
				return struct{}{}, err
			}
		}
		return struct{}{}, nil
	})
	return err
}

func (b bucket) take(tx *db.Tx) error {
	err := tx.Exec(`INSERT INTO signin_tries (bucket, used_up) VALUES ($1, 0) ON CONFLICT (bucket) DO NOTHING`, b.key)
	if err != nil {
		return err
	}
	err = tx.Change(`
		UPDATE signin_tries
		SET used_up = CASE WHEN used_up < $2 THEN $3 ELSE used_up + $4 END
		WHERE bucket = $1 AND used_up <= $5`,
		b.key, tx.Now(), tx.Now().Add(b.refill), b.refill.Milliseconds(), tx.Now().Add(time.Duration(b.burst-1)*b.refill))
	if errors.Is(err, db.ErrNoRow) {
		return errTooMany
	}
	return err
}

// giveBack makes a try in each of the buckets not count, because it succeeded.
func giveBack(tx *db.Tx, buckets ...bucket) error {
	inOrder(buckets)
	for _, b := range buckets {
		err := tx.Exec(`UPDATE signin_tries SET used_up = used_up - $2 WHERE bucket = $1`, b.key, b.refill.Milliseconds())
		if err != nil {
			return err
		}
	}
	return nil
}

// inOrder sorts buckets into the order in which their rows are locked.
func inOrder(buckets []bucket) {
	slices.SortFunc(buckets, func(a, b bucket) int { return strings.Compare(a.key, b.key) })
}
