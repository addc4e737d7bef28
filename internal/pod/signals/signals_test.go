package signals_test

import (
	"fmt"
	"slices"
	"sync"
	"testing"

	"podium/internal/db"
	"podium/podtest"
)

// signal is the part of a signal that the tests read.
type signal struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// subscription is what became of a request.
type subscription struct {
	Succeeded int `json:"successfulSubscription"`
	Errors    []struct {
		User    int64  `json:"userId"`
		Message string `json:"message"`
	} `json:"subscriptionErrors"`
}

func create(u *podtest.User, name string, wide bool) string {
	var made signal
	u.Post("/agent/v1/signals/create", map[string]any{"name": name, "query": "hashtag:x", "companyWide": wide}).Want(200).Into(&made)
	return made.ID
}

func path(id, what string) string { return "/agent/v1/signals/" + id + "/" + what }

func names(u *podtest.User) []string {
	var list []signal
	u.Get("/agent/v1/signals/list").Want(200).Into(&list)
	out := []string{}
	for _, s := range list {
		out = append(out, s.Name)
	}
	return out
}

// A barrier between its owner and another user hides a signal, also from a subscriber. It keeps
// users from each other's lists of subscribers.
func TestBarriersHideSignals(t *testing.T) {
	t.Parallel()
	podtest.Each(t, func(t *testing.T, p *podtest.Pod) {
		alice, bob, carol := p.User("alice"), p.User("bob"), p.User("carol")
		own, wide, carols := create(alice, "own", false), create(alice, "wide", true), create(carol, "Carol's", false)
		bob.Post(path(own, "subscribe"), nil).Want(200)
		alice.Post(path(carols, "subscribe"), nil).Want(200)
		p.Barrier("wall").KeepApart([]*podtest.User{alice}, []*podtest.User{bob})

		for _, id := range []string{own, wide} {
			bob.Get(path(id, "get")).Want(400)
			bob.Post(path(id, "subscribe"), nil).Want(400)
			bob.Get("/agent/v1/message/search?query=signal:" + id).Want(400)
		}
		if got := names(bob); len(got) != 0 {
			t.Errorf("Bob has the signals %v", got)
		}
		if got := names(alice); !slices.Equal(got, []string{"own", "wide", "Carol's"}) {
			t.Errorf("Alice has the signals %v", got)
		}
		var page struct {
			Total int `json:"total"`
			Data  []struct {
				Name string `json:"subscriberName"`
			} `json:"data"`
		}
		bob.Get(path(carols, "subscribers")).Want(200).Into(&page)
		if page.Total != 1 || len(page.Data) != 1 {
			t.Errorf("Bob sees the subscribers %+v", page)
		}
		var answer subscription
		alice.Post(path(own, "subscribe"), []int64{bob.ID, carol.ID}).Want(200).Into(&answer)
		if answer.Succeeded != 1 || len(answer.Errors) != 1 || answer.Errors[0].User != bob.ID {
			t.Errorf("Alice subscribes Bob and Carol: %+v", answer)
		}
	})
}

// Users who subscribe while a signal is deleted leave no subscription behind.
func TestNoSubscriptionWithoutItsSignal(t *testing.T) {
	t.Parallel()
	podtest.Each(t, func(t *testing.T, p *podtest.Pod) {
		alice, bob := p.User("alice"), p.User("bob")
		for range 10 {
			id := create(alice, "own", false)
			var group sync.WaitGroup
			group.Go(func() { bob.Post(path(id, "subscribe"), nil) })
			group.Go(func() { alice.Post(path(id, "delete"), nil).Want(200) })
			group.Wait()
		}
		if n := p.Number(t, `SELECT COUNT(*) FROM signal_subscribers`); n != 0 {
			t.Errorf("%d subscriptions have no signal", n)
		}
	})
}

// A user has at most 500 signals, a company at most 500 company-wide ones, and a signal at most
// 10,000 subscribers.
func TestSignalsAreBounded(t *testing.T) {
	t.Parallel()
	podtest.Each(t, func(t *testing.T, p *podtest.Pod) {
		alice, bob := p.User("alice"), p.User("bob")
		own := create(alice, "own", false)
		var rows, subscribers [][]any
		for i := range 499 {
			rows = append(rows, []any{fmt.Sprintf("%024x", i), 190, alice.ID, "x", "HASHTAG:x", true, i < 499, 1, 1000 + i})
		}
		for i := range 9_999 {
			subscribers = append(subscribers, []any{own, 190<<36 + 100_000 + i, false, 1})
		}
		p.Write(t, func(tx *db.Tx) error {
			if err := tx.InsertAll(`INSERT INTO signals (id, company, owner, name, query, on_profile, company_wide, created, place) VALUES`, rows, ""); err != nil {
				return err
			}
			return tx.InsertAll(`INSERT INTO signal_subscribers (signal, user_id, pushed, added) VALUES`, subscribers, "")
		})
		alice.Post("/agent/v1/signals/create", map[string]any{"name": "one more", "query": "hashtag:x"}).Want(400)
		create(bob, "the last one", true)
		bob.Post("/agent/v1/signals/create", map[string]any{"name": "one more", "query": "hashtag:x", "companyWide": true}).Want(400)
		create(bob, "not for all", false)
		bob.Post(path(own, "subscribe"), nil).Want(400)

		var page struct {
			Total int   `json:"total"`
			Data  []any `json:"data"`
		}
		alice.Get(path(own, "subscribers") + "?limit=1000&skip=9950").Want(200).Into(&page)
		if page.Total != 10_000 || len(page.Data) != 50 {
			t.Errorf("of %d subscribers, the last page has %d", page.Total, len(page.Data))
		}
	})
}
