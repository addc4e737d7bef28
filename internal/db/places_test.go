package db_test

import (
	"testing"

	"podium/internal/db"
	"podium/internal/db/dbtest"
	"podium/internal/db/lock"
	"podium/internal/follow"
)

// TestLockedPlacesFollowTheLock checks that the place of a transaction that began early, and waited
// for a lock, is behind that of the one that held the lock; and that the horizon passes both.
func TestLockedPlacesFollowTheLock(t *testing.T) {
	t.Parallel()
	dbtest.NeedPostgres(t)
	d := dbtest.Open(t, dbtest.Postgres)
	place := func(tx *db.Tx) (follow.Cursor, error) {
		position, numbers, err := tx.LockedPlaces("happenings", 1)
		if err != nil {
			return follow.Cursor{}, err
		}
		return follow.Cursor{Position: position, Seq: numbers[0]}, nil
	}
	began, held := make(chan int64), make(chan struct{})
	late := make(chan follow.Cursor)
	go func() {
		defer close(late)
		c, err := db.Write(t.Context(), d, func(tx *db.Tx) (follow.Cursor, error) {
			own, err := tx.Position()
			if err != nil {
				return follow.Cursor{}, err
			}
			began <- own
			<-held
			if err := tx.Lock(lock.Stream("one")); err != nil {
				return follow.Cursor{}, err
			}
			return place(tx)
		})
		if err != nil {
			t.Error(err)
		}
		late <- c
	}()
	lower := <-began
	first, err := db.Write(t.Context(), d, func(tx *db.Tx) (follow.Cursor, error) {
		if own, err := tx.Position(); err != nil || own <= lower {
			t.Errorf("the position is %d, not above %d; error: %v", own, lower, err)
		}
		if err := tx.Lock(lock.Stream("one")); err != nil {
			return follow.Cursor{}, err
		}
		c, err := place(tx) // the lock is sent with it
		close(held)
		return c, err
	})
	if err != nil {
		t.Fatal(err)
	}
	second := <-late
	if second.Compare(first) <= 0 {
		t.Errorf("the second place %v is not behind the first one, %v", second, first)
	}
	until(t, "both can be followed", func() bool { return followed(t, d, second.Position) })
}
