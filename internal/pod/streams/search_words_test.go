package streams_test

import (
	"strings"
	"testing"

	"podium/podtest"
)

// TestWordsOfARoomSearch checks that a query has as many words as the name of a room can have, and
// no more.
func TestWordsOfARoomSearch(t *testing.T) {
	t.Parallel()
	podtest.Each(t, func(t *testing.T, p *podtest.Pod) {
		alice := p.User("alice")
		name := strings.TrimSpace(strings.Repeat("a ", 25))
		alice.Post("/pod/v3/room/create", map[string]any{"name": name, "description": "x"}).Want(200)
		for _, version := range []string{"v2", "v3"} {
			var found struct{ Count int }
			search := "/pod/" + version + "/room/search"
			alice.Post(search, map[string]string{"query": name}).Want(200).Into(&found)
			if found.Count != 1 {
				t.Errorf("%s finds %d rooms", version, found.Count)
			}
			answer := alice.Post(search, map[string]string{"query": name + " a"}).Want(400)
			if !strings.Contains(string(answer.Body), "query: it has more than 25 words") {
				t.Errorf("%s: %s", version, answer.Body)
			}
		}
	})
}
