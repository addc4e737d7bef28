package barriers

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"podium/internal/db"
	"podium/internal/db/dbtest"
	"podium/internal/wire"
)

// TestRecallLikeAMap checks that the cache returns what was put for the same number of changes, and
// stays within its memory limit.
func TestRecallLikeAMap(t *testing.T) {
	if testing.Short() {
		t.Skip("slow: make test runs it")
	}
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		r := recall{max: rapid.IntRange(1, 5).Draw(t, "room for") * (packedSize + 64)}
		last := map[int64]recalled{}
		t.Repeat(map[string]func(*rapid.T){
			"put": func(t *rapid.T) {
				ids := rapid.SliceOfNDistinct(anyUser, 0, 8, rapid.ID).Draw(t, "members")
				slices.Sort(ids)
				g := opposed{number: rapid.Int64Range(1, 9).Draw(t, "group"), turns: rapid.Int64Range(1, 3).Draw(t, "turns")}
				last[g.number] = recalled{g.turns, packedOf(ids)}
				r.put(g, last[g.number].members)
				if got := r.get([]opposed{g}); len(got) != 1 && last[g.number].members.size() <= r.max {
					t.Fatal("the group that was put last is missing")
				}
			},
			"get": func(t *rapid.T) {
				var asked []opposed
				for number := range int64(10) {
					asked = append(asked, opposed{number: number, turns: rapid.Int64Range(1, 3).Draw(t, "turns")})
				}
				got := r.get(asked)
				for number, members := range got {
					if want := last[number]; want.turns != asked[number].turns || !same(members, want.members) {
						t.Fatalf("group %d after %d changes: %v, not %v", number, asked[number].turns, members, want)
					}
				}
			},
			"": func(t *rapid.T) {
				size := 0
				for _, number := range keys(&r) {
					one, _ := r.groups.Peek(number)
					size += one.members.size()
				}
				if size != r.size || size > r.max {
					t.Fatalf("%d bytes, thought to be %d, of %d", size, r.size, r.max)
				}
			},
		})
	})
}

func keys(r *recall) []int64 {
	if r.groups == nil {
		return nil
	}
	return r.groups.Keys()
}

func same(a, b packed) bool {
	return a.first == b.first && a.last == b.last && slices.Equal(a.steps, b.steps)
}

// TestRecallReadsWhatChanged checks that only a changed group is read again, and that reads of a
// rolled back transaction are not cached.
func TestRecallReadsWhatChanged(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, kind dbtest.Kind) {
		d, r := dbtest.Open(t, kind), new(recall)
		undo := errors.New("undo")
		write := func(err error, fn func(tx *db.Tx) error) {
			t.Helper()
			_, _ = db.Write(context.Background(), d, func(tx *db.Tx) (struct{}, error) {
				if failed := fn(tx); failed != nil {
					t.Error(failed)
				}
				return struct{}{}, err
			})
		}
		join := func(tx *db.Tx, group, n int64) error {
			return tx.Exec(`INSERT INTO barrier_members (user_id, grp) VALUES ($1, $2)`, wire.NewUserID(190, n), group)
		}
		known := func(groups ...opposed) map[int64][]int64 {
			t.Helper()
			numbers := map[int64][]int64{}
			for group, members := range r.get(groups) {
				numbers[group] = []int64{}
				members.each(func(id wire.UserID) { numbers[group] = append(numbers[group], int64(id&wire.MaxSequence)) })
			}
			return numbers
		}
		complete := func(tx *db.Tx, groups ...opposed) error { return r.complete(tx, groups, r.get(groups)) }
		read := func(groups ...opposed) {
			t.Helper()
			_, err := db.Read(context.Background(), d, func(tx *db.Tx) (struct{}, error) { return struct{}{}, complete(tx, groups...) })
			if err != nil {
				t.Fatal(err)
			}
		}
		want := func(got, want map[int64][]int64) {
			t.Helper()
			if !maps.EqualFunc(got, want, slices.Equal) {
				t.Errorf("%v is remembered, not %v", got, want)
			}
		}

		write(nil, func(tx *db.Tx) error {
			err := tx.Exec(`
				INSERT INTO companies (id, name, hosts, listen, session_seconds, key_seconds, certificates, certificate_bits, created)
				VALUES (190, 'Acme', '', '', 1, 1, FALSE, 2048, 0)`)
			for group := int64(1); group <= 3 && err == nil; group++ {
				err = errors.Join(tx.Exec(`
					INSERT INTO barrier_groups (number, id, company, name, name_folded, members, created, modified)
					VALUES ($1, $2, 190, $2, $2, 0, 0, 0)`, group, fmt.Sprint(group)), join(tx, group, 7), join(tx, group, group+10))
			}
			return err
		})
		one, two, three, empty := opposed{number: 1}, opposed{number: 2}, opposed{number: 3}, opposed{number: 4}
		read(one, two, empty)
		want(known(one, two, three, empty), map[int64][]int64{1: {7, 11}, 2: {7, 12}, 4: {}})

		write(nil, func(tx *db.Tx) error { return errors.Join(join(tx, 1, 8), join(tx, 2, 8)) })
		two.turns++
		want(known(one, two), map[int64][]int64{1: {7, 11}})
		read(one, two, three)
		want(known(one, two, three), map[int64][]int64{1: {7, 11}, 2: {7, 8, 12}, 3: {7, 13}})

		three.turns++
		write(undo, func(tx *db.Tx) error { return errors.Join(join(tx, 3, 9), complete(tx, three)) })
		want(known(three), map[int64][]int64{})
	})
}
