package session_test

import (
	"context"
	"testing"
	"time"

	"podium/internal/auth"
	"podium/internal/db"
	"podium/internal/db/dbtest"
	"podium/internal/pod/accounts"
	"podium/internal/wire"
	"podium/podtest"
)

// TestAnEndIsKnownEverywhereWithinASecond checks that the end of a session applies at once on the
// node that ended it, and within a second on a node that receives no notification.
func TestAnEndIsKnownEverywhereWithinASecond(t *testing.T) {
	t.Parallel()
	ends := map[string]func(p *podtest.Pod, u *podtest.User) error{
		"logout": func(p *podtest.Pod, u *podtest.User) error {
			u.Post("/sessionauth/v1/logout", nil).Want(200)
			return nil
		},
		"disabled": change(func(p *podtest.Pod, tx *db.Tx, u *podtest.User) error {
			return p.Inner.Accounts.SetStatus(tx, acme, wire.UserID(u.ID), accounts.Disabled)
		}),
		"suspended": change(func(p *podtest.Pod, tx *db.Tx, u *podtest.User) error {
			return p.Inner.Accounts.Suspend(tx, acme, wire.UserID(u.ID), tx.Now().Add(time.Hour), "a reason")
		}),
		"key revoked": change(func(p *podtest.Pod, tx *db.Tx, u *podtest.User) error {
			owner, err := accounts.Get(tx, wire.UserID(u.ID))
			if err != nil {
				return err
			}
			return p.Inner.Accounts.RevokeKey(tx, acme, owner, accounts.Current)
		}),
	}
	for name, end := range ends {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dbtest.Each(t, func(t *testing.T, kind dbtest.Kind) {
				clock := podtest.NewClock()
				url := dbtest.URL(t, kind)
				here := podtest.StartOn(t, kind, podtest.WithClock(clock), podtest.FreshAt(url))
				there := podtest.StartOn(t, kind, podtest.WithClock(clock), podtest.OnDatabase(url))
				u := here.User("zoe")
				elsewhere := there.As(u)
				u.Get("/pod/v2/sessioninfo").Want(200)
				elsewhere.Get("/pod/v2/sessioninfo").Want(200)

				if err := end(here, u); err != nil {
					t.Fatal(err)
				}
				u.Get("/pod/v2/sessioninfo").Want(401)
				clock.Advance(time.Second)
				elsewhere.Get("/pod/v2/sessioninfo").Want(401)
			})
		})
	}
}

// TestARoleCountsAtOnce checks that a granted or revoked role applies to open sessions.
func TestARoleCountsAtOnce(t *testing.T) {
	t.Parallel()
	podtest.Each(t, func(t *testing.T, p *podtest.Pod) {
		u := p.Bot("clerk")
		u.Get("/pod/v1/companycert/list").Want(403)
		give := change(func(p *podtest.Pod, tx *db.Tx, u *podtest.User) error {
			owner, err := accounts.Get(tx, wire.UserID(u.ID))
			if err != nil {
				return err
			}
			return p.Inner.Accounts.AddRole(tx, acme, owner, auth.UserProvisioning)
		})
		take := change(func(p *podtest.Pod, tx *db.Tx, u *podtest.User) error {
			owner, err := accounts.Get(tx, wire.UserID(u.ID))
			if err != nil {
				return err
			}
			return p.Inner.Accounts.RemoveRole(tx, acme, owner, auth.UserProvisioning)
		})
		if err := give(p, u); err != nil {
			t.Fatal(err)
		}
		u.Get("/pod/v1/companycert/list").Want(200)
		if err := take(p, u); err != nil {
			t.Fatal(err)
		}
		u.Get("/pod/v1/companycert/list").Want(403)
	})
}

var acme = auth.Caller{Company: 190}

// change returns a test step that runs fn in one transaction.
func change(fn func(p *podtest.Pod, tx *db.Tx, u *podtest.User) error) func(*podtest.Pod, *podtest.User) error {
	return func(p *podtest.Pod, u *podtest.User) error {
		_, err := db.Write(context.Background(), p.Inner.DB, func(tx *db.Tx) (struct{}, error) {
			return struct{}{}, fn(p, tx, u)
		})
		return err
	}
}
