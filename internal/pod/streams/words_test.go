package streams_test

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"podium/internal/db"
	"podium/podtest"
)

// TestRoomsAreFoundByTheMiddleOfWords checks that the middle of a word finds a room from its
// creation, before and after its endings are written, until it is renamed.
func TestRoomsAreFoundByTheMiddleOfWords(t *testing.T) {
	t.Parallel()
	podtest.Each(t, func(t *testing.T, p *podtest.Pod) {
		alice := p.User("alice")
		room := newRoom(alice, map[string]any{"name": "Handelsraum 100%_a", "description": "see #bondmarket"})
		find := func(when, query string, want bool) {
			t.Helper()
			var found struct{ Rooms []detail }
			alice.Post("/pod/v3/room/search", map[string]any{"query": query}).Want(200).Into(&found)
			there := slices.ContainsFunc(found.Rooms, func(d detail) bool { return d.Info.ID == room })
			if there != want {
				t.Errorf("%s: the search for %q finds it: %v", when, query, there)
			}
		}
		for _, when := range []string{"at once", "settled"} {
			for _, query := range []string{"raum", "elsr", "M", "handels", "raum handel", "dmark", "0%_", "%", "00%_A"} {
				find(when, query, true)
			}
			for _, query := range []string{"raume", "handelsraum1", "1000", "0a%"} {
				find(when, query, false)
			}
			if when == "at once" {
				settle(t, p)
			}
		}
		alice.Post("/pod/v3/room/"+room+"/update", map[string]any{"name": "Handelsplatz"}).Want(200)
		find("renamed", "raum", false)
		find("renamed", "latz", true)
		find("renamed", "handel", true)
		find("renamed", "dmark", true)
	})
}

// settle writes the endings of all new words.
func settle(t *testing.T, p *podtest.Pod) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan struct{})
	go func() {
		p.Inner.RoomIndex.Run(ctx)
		close(ended)
	}()
	defer func() { cancel(); <-ended }()
	for deadline := time.Now().Add(time.Minute); ; {
		n, err := db.Read(ctx, p.Inner.DB, func(tx *db.Tx) (int64, error) {
			return db.Value[int64](tx, `SELECT COUNT(*) FROM room_words WHERE NOT settled`)
		})
		if err != nil {
			t.Fatal(err)
		}
		if n == 0 {
			return
		}
		if time.Now().After(deadline) {
			t.Fatal(fmt.Sprint(n, " words are still new"))
		}
	}
}
