package accounts_test

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"errors"
	"reflect"
	"slices"
	"testing"
	"time"

	"podium/internal/auth"
	"podium/internal/db"
	"podium/internal/db/dbtest"
	"podium/internal/jose"
	"podium/internal/pod/accounts"
	"podium/podtest"
)

// TestForLoginIsTheAccountAndItsKeys checks that ForLogin's one statement returns the same as
// reading the account and its keys separately.
func TestForLoginIsTheAccountAndItsKeys(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, kind dbtest.Kind) {
		clock := podtest.NewClock()
		p := podtest.StartOn(t, kind, podtest.WithClock(clock))
		p.Bot("Carla.Bot")
		service := p.Inner.Accounts
		const overlap = time.Hour
		account := func(tx *db.Tx) accounts.User {
			u, err := accounts.ByUsername(tx, 190, "Carla.Bot")
			if err != nil {
				t.Fatal(err)
			}
			return u
		}
		same := func(when string, slots ...accounts.Slot) {
			t.Helper()
			_, err := db.Read(context.Background(), p.Inner.DB, func(tx *db.Tx) (struct{}, error) {
				u := account(tx)
				want := accounts.User{ID: u.ID, Company: u.Company, Version: u.Version, Status: u.Status, Suspended: u.Suspended,
					SuspendedUntil: u.SuspendedUntil, LastLogin: u.LastLogin}
				want.AccountType, want.Username, want.Email = u.AccountType, u.Username, u.Email
				held, err := accounts.KeysOf(tx, u.ID, tx.Now())
				if err != nil {
					return struct{}{}, err
				}
				got, keys, err := accounts.ForLogin(tx, 190, "Carla.Bot")
				if err != nil {
					return struct{}{}, err
				}
				if !reflect.DeepEqual(got, want) {
					t.Errorf("%s: the account is %+v, not %+v", when, got, want)
				}
				if !slices.Equal(keys, held) {
					t.Errorf("%s: the keys are %v, not %v", when, keys, held)
				}
				if !slices.EqualFunc(keys, slots, func(k accounts.Key, s accounts.Slot) bool { return k.Slot == s }) {
					t.Errorf("%s: the keys are %v, not %v", when, keys, slots)
				}
				return struct{}{}, nil
			})
			if err != nil {
				t.Fatalf("%s: %v", when, err)
			}
		}
		itself := auth.Caller{Company: 190}
		same("with one key", accounts.Current)
		second, err := rsa.GenerateKey(rand.Reader, 2048)
		if err != nil {
			t.Fatal(err)
		}
		p.Write(t, func(tx *db.Tx) error {
			return service.SaveKey(tx, itself, account(tx), jose.EncodePublicKey(&second.PublicKey), overlap)
		})
		same("with two keys", accounts.Current, accounts.Previous)
		clock.Advance(overlap)
		same("when the older key's time is over", accounts.Current)
		p.Write(t, func(tx *db.Tx) error { return service.RevokeKey(tx, itself, account(tx), accounts.Current) })
		same("without a key")
		p.Write(t, func(tx *db.Tx) error {
			return service.Suspend(tx, itself, account(tx).ID, tx.Now().Add(overlap), "holidays")
		})
		same("when suspended")
		_, err = db.Read(context.Background(), p.Inner.DB, func(tx *db.Tx) (struct{}, error) {
			for _, name := range []string{"carla.bot", "no-such-user", ""} {
				if u, keys, err := accounts.ForLogin(tx, 190, name); !errors.Is(err, db.ErrNoRow) {
					t.Errorf("%q is %v with %v (%v)", name, u.ID, keys, err)
				}
			}
			if u, _, err := accounts.ForLogin(tx, 191, "Carla.Bot"); !errors.Is(err, db.ErrNoRow) {
				t.Errorf("another company has %v (%v)", u.ID, err)
			}
			return struct{}{}, nil
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}
