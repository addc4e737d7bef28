package profiles_test

import (
	"context"
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"podium/internal/db"
	"podium/internal/pod/profiles"
	"podium/internal/wire"
	"podium/podtest"
)

// TestRanksAreThoseOfAPlainList adds and removes followers at random, counts them in short
// stretches, and compares every page with a list.
func TestRanksAreThoseOfAPlainList(t *testing.T) {
	if testing.Short() {
		t.Skip("slow: make test runs it")
	}
	t.Parallel()
	podtest.Each(t, func(t *testing.T, p *podtest.Pod) {
		followed := wire.UserID(p.User("bob").ID)
		var people []wire.UserID
		for i := range 12 {
			people = append(people, wire.UserID(p.User(fmt.Sprint("person", i)).ID))
		}
		rapid.Check(t, func(r *rapid.T) {
			full := rapid.Int64Range(1, 4).Draw(r, "full")
			var list []wire.UserID
			places := map[wire.UserID]int64{}
			last := int64(0)
			p.Write(t, func(tx *db.Tx) error {
				if err := tx.Exec(`DELETE FROM follows`); err != nil {
					return err
				}
				return tx.Exec(`DELETE FROM follow_stretches`)
			})
			r.Repeat(map[string]func(*rapid.T){
				"add": func(r *rapid.T) {
					id := rapid.SampledFrom(people).Draw(r, "who")
					if slices.Contains(list, id) {
						r.Skip("follows already")
					}
					last += rapid.Int64Range(1, 3).Draw(r, "places")
					p.Write(t, func(tx *db.Tx) error {
						err := tx.Exec(`INSERT INTO follows (followed, follower, company, place) VALUES ($1, $2, 190, $3)`, followed, id, last)
						if err != nil {
							return err
						}
						return profiles.Grow(tx, followed, last, full)
					})
					list, places[id] = append(list, id), last
				},
				"remove": func(r *rapid.T) {
					if len(list) == 0 {
						r.Skip("there are no followers")
					}
					id := rapid.SampledFrom(list).Draw(r, "who")
					p.Write(t, func(tx *db.Tx) error {
						if err := tx.Change(`DELETE FROM follows WHERE followed = $1 AND follower = $2`, followed, id); err != nil {
							return err
						}
						return profiles.Shrink(tx, followed, places[id])
					})
					list = slices.DeleteFunc(list, func(other wire.UserID) bool { return other == id })
				},
				"": func(r *rapid.T) {
					skip, limit := rapid.Int64Range(0, 14).Draw(r, "skip"), rapid.Int64Range(0, 5).Draw(r, "limit")
					_, err := db.Read(context.Background(), p.Inner.DB, func(tx *db.Tx) (none struct{}, err error) {
						got, count, err := profiles.Members(tx, followed, skip, limit)
						n := int64(len(list))
						if want := list[min(skip, n):min(skip+limit, n)]; err == nil && (count != n || !slices.Equal(got, want)) {
							r.Fatalf("%v of %d, not %v of %d", got, count, want, n)
						}
						return none, err
					})
					if err != nil {
						r.Fatal(err)
					}
				},
			})
		})
	})
}
