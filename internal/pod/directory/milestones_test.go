package directory_test

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"podium/internal/auth"
	"podium/internal/db"
	"podium/internal/db/dbtest"
	"podium/internal/db/lock"
	"podium/internal/pod/accounts"
	"podium/internal/wire"
	"podium/podtest"
)

// account creates a service account in a transaction, without a login.
func account(tx *db.Tx, p *podtest.Pod, company wire.CompanyID, name string) (accounts.User, error) {
	return p.Inner.Accounts.Create(tx, auth.Caller{Company: company}, accounts.New{Attributes: accounts.Attributes{
		AccountType: auth.System, Username: name, Email: name + "@x.example", DisplayName: name, CompanyName: "X",
	}})
}

// createAccounts creates n service accounts of a company and returns their ids.
func createAccounts(t testing.TB, p *podtest.Pod, company wire.CompanyID, prefix string, n int) []int64 {
	t.Helper()
	ids, err := db.Write(context.Background(), p.Inner.DB, func(tx *db.Tx) ([]int64, error) {
		var ids []int64
		var names []lock.Key
		for i := range n {
			names = append(names, lock.Name(company, fmt.Sprintf("%s-%d", prefix, i)))
		}
		if err := tx.Lock(names...); err != nil {
			return nil, err
		}
		for i := range n {
			u, err := account(tx, p, company, fmt.Sprintf("%s-%d", prefix, i))
			if err != nil {
				return nil, err
			}
			ids = append(ids, int64(u.ID))
		}
		return ids, nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return ids
}

// listed returns the ids on a page of the list.
func listed(t testing.TB, u *podtest.User, skip, limit int) []int64 {
	t.Helper()
	var page []struct {
		UserSystemInfo struct{ ID int64 }
	}
	u.Get(fmt.Sprintf("/pod/v2/admin/user/list?skip=%d&limit=%d", skip, limit)).Want(200).Into(&page)
	ids := []int64{}
	for _, d := range page {
		ids = append(ids, d.UserSystemInfo.ID)
	}
	return ids
}

func setMilestones(t testing.TB, p *podtest.Pod, company wire.CompanyID) bool {
	t.Helper()
	done, err := p.Inner.Directory.SetMilestones(context.Background(), company)
	if err != nil {
		t.Fatal(err)
	}
	return done
}

// TestPagesAreExact checks that each account is at its place on every page, whenever milestones are
// set.
func TestPagesAreExact(t *testing.T) {
	if testing.Short() {
		t.Skip("slow: make test runs it")
	}
	t.Parallel()
	podtest.Each(t, func(t *testing.T, p *podtest.Pod) {
		admin := p.Bot("acme-admin")
		var all []int64
		admin.Get("/pod/v1/admin/user/list").Want(200).Into(&all)
		if !slices.IsSorted(all) {
			t.Fatal("ids are not in order")
		}
		for batch := range 3 {
			all = append(all, createAccounts(t, p, 190, fmt.Sprint("a", batch), 400)...)
			createAccounts(t, p, 191, fmt.Sprint("b", batch), 150) // numbers come from one sequence
			if batch > 0 {
				settle(t, p, 190)
			}
			rapid.Check(t, func(rt *rapid.T) {
				skip := rapid.IntRange(0, len(all)+10).Draw(rt, "skip")
				limit := rapid.IntRange(1, 40).Draw(rt, "limit")
				want := all[min(skip, len(all)):min(skip+limit, len(all))]
				if got := listed(t, admin, skip, limit); !slices.Equal(got, want) {
					rt.Fatalf("skip %d, limit %d of %d: %v, not %v", skip, limit, len(all), got, want)
				}
			})
		}
		if places := milestones(t, p, 190); !slices.Equal(places, []int64{256, 512, 768, 1024}) {
			t.Errorf("milestones at %v", places)
		}
		if got := milestones(t, p, 191); len(got) != 0 {
			t.Errorf("another company has milestones at %v", got)
		}
	})
}

// settle sets the due milestones, as soon as the transactions of other tests on the same server
// allow it.
func settle(t testing.TB, p *podtest.Pod, company wire.CompanyID) {
	t.Helper()
	for began := time.Now(); !setMilestones(t, p, company); {
		if time.Since(began) > time.Minute {
			t.Fatal("milestones are not set for a minute")
		}
	}
}

func milestones(t testing.TB, p *podtest.Pod, company wire.CompanyID) []int64 {
	t.Helper()
	places, err := db.Read(context.Background(), p.Inner.DB, func(tx *db.Tx) ([]int64, error) {
		return db.All(tx, db.ScanValue[int64], `SELECT place FROM user_milestones WHERE company = $1 ORDER BY place`, company)
	})
	if err != nil {
		t.Fatal(err)
	}
	return places
}

// TestALateCommitMovesNoMilestone checks that an account whose transaction drew its number early
// and commits late makes no milestone false.
func TestALateCommitMovesNoMilestone(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, kind dbtest.Kind) {
		if kind == dbtest.SQLite {
			return // one writer: there are no late commits
		}
		p := podtest.StartOn(t, kind)
		admin := p.Bot("acme-admin")
		var all []int64
		admin.Get("/pod/v1/admin/user/list").Want(200).Into(&all)
		late, drawn, commit := make(chan error), make(chan int64, 1), make(chan struct{})
		go func() {
			_, err := db.Write(context.Background(), p.Inner.DB, func(tx *db.Tx) (struct{}, error) {
				u, err := account(tx, p, 190, "late")
				if err != nil {
					return struct{}{}, err
				}
				drawn <- int64(u.ID)
				<-commit
				return struct{}{}, nil
			})
			late <- err
		}()
		id := <-drawn
		others := createAccounts(t, p, 190, "early", 600)
		if others[0] < id {
			t.Fatalf("the late account has the number %d, an early one %d", id, others[0])
		}
		if setMilestones(t, p, 190) || len(milestones(t, p, 190)) != 0 {
			t.Error("milestones were set although an account may appear before them")
		}
		if got := listed(t, admin, len(all)+500, 1); got[0] != others[500] {
			t.Errorf("before the late commit: %d, not %d", got[0], others[500])
		}
		close(commit)
		if err := <-late; err != nil {
			t.Fatal(err)
		}
		settle(t, p, 190)
		if len(milestones(t, p, 190)) != 2 {
			t.Errorf("milestones at %v", milestones(t, p, 190))
		}
		if got := listed(t, admin, len(all), 2); !slices.Equal(got, []int64{id, others[0]}) {
			t.Errorf("the late account is not on its place: %v", got)
		}
		if got := listed(t, admin, len(all)+501, 1); got[0] != others[500] {
			t.Errorf("after the late commit: %d, not %d", got[0], others[500])
		}
	})
}

// TestManyCreateAtOnce checks that concurrent creations in a company do not wait, and that each
// account has its place.
func TestManyCreateAtOnce(t *testing.T) {
	t.Parallel()
	podtest.Each(t, func(t *testing.T, p *podtest.Pod) {
		admin := p.Bot("acme-admin")
		var group sync.WaitGroup
		for i := range 24 {
			group.Go(func() {
				for j := range 12 {
					name := fmt.Sprintf("many-%d-%d", i, j)
					admin.Post("/pod/v2/admin/user/create", map[string]any{"userAttributes": map[string]any{
						"accountType": "SYSTEM", "userName": name, "emailAddress": name + "@acme.example", "displayName": name,
					}}).Want(200)
				}
			})
		}
		group.Wait()
		settle(t, p, 190)
		var ids []int64
		admin.Get("/pod/v1/admin/user/list").Want(200).Into(&ids)
		var paged []int64
		for skip := 0; ; skip += 50 {
			page := listed(t, admin, skip, 50)
			paged = append(paged, page...)
			if len(page) < 50 {
				break
			}
		}
		if len(ids) < 24*12 || !slices.Equal(ids, paged) {
			t.Errorf("%d ids, %d on pages", len(ids), len(paged))
		}
	})
}
