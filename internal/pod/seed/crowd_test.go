package seed_test

import (
	"context"
	"slices"
	"testing"

	"podium/internal/pod/seed"
	"podium/podtest"
)

// TestCrowd checks that a crowd grows to the given number, continuing an earlier run, and is found
// by its names in every script.
func TestCrowd(t *testing.T) {
	t.Parallel()
	podtest.Each(t, func(t *testing.T, p *podtest.Pod) {
		acme := seed.Acme()
		var planted []int
		for _, n := range []int{150, 2000, 2000, 100} {
			err := seed.Crowd(context.Background(), p.Inner.DB, acme.Company, acme.Domain, n, func(n int) { planted = append(planted, n) })
			if err != nil {
				t.Fatal(err)
			}
		}
		if !slices.Equal(planted, []int{150, 2000, 2000, 2000}) {
			t.Errorf("planted %v", planted)
		}
		alice := p.User("alice")
		for query, most := range map[string]int64{"seed": 2000, "seed000012": 10, "sorensen": 300, "παπαδ": 300, "иван": 300, "山田": 300} {
			var found struct{ Count int64 }
			alice.Post("/pod/v1/user/search", map[string]any{"query": query}).Want(200).Into(&found)
			if found.Count == 0 || found.Count > most {
				t.Errorf("%s: %d found", query, found.Count)
			}
		}
		alice.Get("/pod/v2/user?username=seed0001999&local=true").Want(200)
		alice.Get("/pod/v2/user?username=seed0002000&local=true").Want(204)
	})
}

// BenchmarkCrowd measures creating 1,000 accounts of a crowd.
func BenchmarkCrowd(b *testing.B) {
	p := podtest.Start(b)
	acme := seed.Acme()
	planted := 0
	for b.Loop() {
		planted += 1000
		if err := seed.Crowd(context.Background(), p.Inner.DB, acme.Company, acme.Domain, planted, func(int) {}); err != nil {
			b.Fatal(err)
		}
	}
}
