package profiles_test

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"podium/internal/db"
	"podium/internal/pod/accounts/features"
	"podium/internal/pod/profiles"
	"podium/internal/wire"
	"podium/podtest"
)

// set sets a feature of an account as an administrator does.
func set(t *testing.T, p *podtest.Pod, id int64, feature features.Name, enabled bool) {
	t.Helper()
	p.Write(t, func(tx *db.Tx) error {
		return tx.Exec(`
			INSERT INTO user_features (user_id, feature, enabled, company)
			VALUES ($1, $2, $3, 190)
			ON CONFLICT (user_id, feature) DO UPDATE SET enabled = excluded.enabled`, id, feature, enabled)
	})
}

// page is an answer of either list.
type page struct {
	Count      int64               `json:"count"`
	Followers  []int64             `json:"followers"`
	Following  []int64             `json:"following"`
	Pagination profiles.Pagination `json:"pagination"`
}

func read(u *podtest.User, id int64, side, query string) page {
	var got page
	u.Get("/pod/v1/user/" + strconv.FormatInt(id, 10) + "/" + side + query).Want(200).Into(&got)
	return got
}

// TestFollowersAreAPlainList follows and unfollows at random, and compares every page with a list.
func TestFollowersAreAPlainList(t *testing.T) {
	if testing.Short() {
		t.Skip("slow: make test runs it")
	}
	t.Parallel()
	podtest.Each(t, func(t *testing.T, p *podtest.Pod) {
		admin := p.Bot("acme-admin")
		var ids []int64
		for i := range 12 {
			ids = append(ids, p.User(fmt.Sprint("person", i)).ID)
		}
		rapid.Check(t, func(r *rapid.T) {
			p.Write(t, func(tx *db.Tx) error {
				if err := tx.Exec(`DELETE FROM follows`); err != nil {
					return err
				}
				return tx.Exec(`DELETE FROM follow_stretches`)
			})
			followers, following := map[int64][]int64{}, map[int64][]int64{}
			drop := func(list []int64, id int64) []int64 {
				return slices.DeleteFunc(slices.Clone(list), func(other int64) bool { return other == id })
			}
			change := func(r *rapid.T, action string, apply func(followed, follower int64)) {
				followed := rapid.SampledFrom(ids[:3]).Draw(r, "followed")
				list := rapid.SliceOfN(rapid.SampledFrom(append([]int64{42}, ids...)), 1, 8).Draw(r, "followers")
				want := 200
				if slices.Contains(list, 42) {
					want = 400
				}
				admin.Post("/pod/v1/user/"+strconv.FormatInt(followed, 10)+"/"+action, map[string]any{"followers": list}).Want(want)
				for _, id := range list {
					if id != 42 && id != followed {
						apply(followed, id)
					}
				}
			}
			r.Repeat(map[string]func(*rapid.T){
				"follow": func(r *rapid.T) {
					change(r, "follow", func(followed, follower int64) {
						if !slices.Contains(followers[followed], follower) {
							followers[followed] = append(followers[followed], follower)
							following[follower] = append(following[follower], followed)
						}
					})
				},
				"unfollow": func(r *rapid.T) {
					change(r, "unfollow", func(followed, follower int64) {
						followers[followed] = drop(followers[followed], follower)
						following[follower] = drop(following[follower], followed)
					})
				},
				"": func(r *rapid.T) {
					id := rapid.SampledFrom(ids).Draw(r, "whose")
					limit := rapid.IntRange(1, 5).Draw(r, "limit")
					rank := rapid.IntRange(0, 14).Draw(r, "rank")
					cursor := rapid.SampledFrom([]string{"", "after", "before"}).Draw(r, "cursor")
					query, from, to := fmt.Sprintf("?limit=%d", limit), 0, limit
					if cursor != "" {
						query += fmt.Sprintf("&%s=%d", cursor, rank)
					}
					switch cursor {
					case "after":
						from, to = rank, rank+limit
					case "before":
						from, to = max(0, rank-limit), rank
					}
					if rapid.Bool().Draw(r, "side") {
						got := read(admin, id, "followers", query)
						check(r, "followers"+query, got, got.Followers, followers[id], from, to)
						return
					}
					got := read(admin, id, "following", query)
					check(r, "following"+query, got, got.Following, following[id], from, to)
				},
			})
		})
	})
}

func check(r *rapid.T, what string, got page, members, whole []int64, from, to int) {
	from, to = min(from, len(whole)), min(to, len(whole))
	want := profiles.Cursors{Before: strconv.Itoa(from)}
	if to < len(whole) {
		want.After = strconv.Itoa(to)
	}
	if got.Count != int64(len(whole)) || !slices.Equal(members, whole[from:to]) || got.Pagination.Cursors != want {
		r.Fatalf("%s: %v of %d, cursors %+v; the list is %v", what, members, got.Count, got.Pagination.Cursors, whole)
	}
}

// TestFollowsAtOnce checks that a repeated concurrent follow or unfollow counts once, and that
// concurrent ones of others are not lost.
func TestFollowsAtOnce(t *testing.T) {
	t.Parallel()
	podtest.Each(t, func(t *testing.T, p *podtest.Pod) {
		admin, bob := p.Bot("acme-admin"), p.User("bob")
		people := []int64{p.User("alice").ID, p.User("carol").ID, p.User("adam").ID}
		post := func(action string, followed int64, list ...int64) {
			admin.Post("/pod/v1/user/"+strconv.FormatInt(followed, 10)+"/"+action, map[string]any{"followers": list}).Want(200)
		}
		atOnce := func(calls ...func()) {
			var all sync.WaitGroup
			for _, call := range calls {
				all.Go(call)
			}
			all.Wait()
		}
		atOnce(
			func() { post("follow", bob.ID, people...) }, func() { post("follow", bob.ID, people...) },
			func() { post("follow", bob.ID, people[2], people[1], people[0]) },
			func() { post("follow", people[0], people[1], bob.ID) }, func() { post("follow", people[1], people[0], bob.ID) },
		)
		counts := func(id, followers, following int64) {
			t.Helper()
			if a, b := read(admin, id, "followers", ""), read(admin, id, "following", ""); a.Count != followers || int64(len(a.Followers)) != followers ||
				b.Count != following || int64(len(b.Following)) != following {
				t.Errorf("%d: %+v, %+v", id, a, b)
			}
		}
		counts(bob.ID, 3, 2)
		counts(people[0], 2, 2)
		atOnce(
			func() { post("unfollow", bob.ID, people...) }, func() { post("unfollow", bob.ID, people...) },
			func() { post("follow", people[2], people[0]) },
		)
		counts(bob.ID, 0, 2)
		counts(people[0], 2, 2)
	})
}

// TestDeepPages checks that a page deep in a long list costs about as much as the first one. It
// writes the list directly into the tables.
func TestDeepPages(t *testing.T) {
	t.Parallel()
	p := podtest.Start(t)
	admin, bob := p.Bot("acme-admin"), p.User("bob")
	const many = 200_000
	texts := []string{
		"display_name", "first_name", "last_name", "company_name", "title", "department", "division", "location", "job_function",
		"work_phone", "mobile_phone", "sms", "two_factor_phone", "language", "asset_classes", "industries", "market_coverage",
		"responsibility", "job_area", "instrument", "status", "suspension_reason",
	}
	numbers := []string{"suspended_until", "created", "created_by", "updated", "last_login", "password_reset", "deactivated", "version"}
	series := `WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ` + strconv.Itoa(many) + `) `
	id := strconv.FormatInt(int64(wire.NewUserID(190, 1_000_000)), 10) + " + i"
	p.Write(t, func(tx *db.Tx) error {
		for _, sql := range []string{
			`INSERT INTO users (id, company, account_type, username, username_folded, email, email_folded, suspended, ` +
				strings.Join(append(texts, numbers...), ", ") + `) ` + series + `
			SELECT ` + id + `, 190, 'NORMAL', 'many' || i, 'many' || i, 'many' || i, 'many' || i, FALSE` +
				strings.Repeat(`, ''`, len(texts)) + strings.Repeat(`, 0`, len(numbers)) + ` FROM n`,
			`INSERT INTO follows (followed, follower, company, place) ` + series + `SELECT $1, ` + id + `, 190, i FROM n`,
			`INSERT INTO follow_stretches (user_id, side, first, members) ` + series + `
			SELECT $1, 'followers', i, 1000 FROM n WHERE i % 1000 = 1`,
		} {
			args := []any{bob.ID}
			if !strings.Contains(sql, "$1") {
				args = nil
			}
			if err := tx.Exec(sql, args...); err != nil {
				return err
			}
		}
		return nil
	})
	took := func(query string) time.Duration {
		best := time.Hour
		for range 15 {
			began := time.Now()
			if got := read(admin, bob.ID, "followers", query); got.Count != many || len(got.Followers) != 100 {
				t.Fatalf("%s: %d of %d", query, len(got.Followers), got.Count)
			}
			best = min(best, time.Since(began))
		}
		return best
	}
	first, deep := took(""), took("?after=199899")
	t.Logf("the first page: %v, the last: %v", first, deep)
	if deep > 5*first {
		t.Errorf("the last page takes %v, the first %v", deep, first)
	}
}
