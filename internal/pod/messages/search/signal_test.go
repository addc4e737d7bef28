package search_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"podium/podtest"
)

// said is a message of the test below, and what a query can ask of it.
type said struct {
	id     string
	author int64
	tags   []string // as "hashtag:a"
	open   bool     // in the public room
}

// matches evaluates a query: alternatives, joined by OR, of terms, joined by AND.
func (m said) matches(query string) bool {
	for alternative := range strings.SplitSeq(query, " OR ") {
		all := true
		for term := range strings.SplitSeq(alternative, " AND ") {
			all = all && (slices.Contains(m.tags, term) || term == fmt.Sprint("author:", m.author))
		}
		if all {
			return true
		}
	}
	return false
}

// TestSignalsFindWhatTheirQueriesSay compares searches by signals with evaluating their queries for
// each message that the user can read.
func TestSignalsFindWhatTheirQueriesSay(t *testing.T) {
	t.Parallel()
	podtest.Each(t, func(t *testing.T, p *podtest.Pod) {
		random := rand.New(rand.NewPCG(1, 2))
		alice, bob, carol := p.User("alice"), p.User("bob"), p.User("carol")
		authors := []*podtest.User{alice, bob}
		closed, open := room(alice, bob, false), room(alice, bob, true)
		var all []said
		for range 60 {
			by := authors[random.IntN(2)]
			m := said{author: by.ID, open: random.IntN(2) == 0}
			var text strings.Builder
			for _, tag := range []string{"hash a", "hash b", "cash a"} {
				if kind, name, _ := strings.Cut(tag, " "); random.IntN(2) == 0 {
					m.tags = append(m.tags, kind+"tag:"+name)
					fmt.Fprintf(&text, `<%s tag="%s"/> `, kind, strings.ToUpper(name))
				}
			}
			stream := closed
			if m.open {
				stream = open
			}
			var sent struct {
				ID string `json:"messageId"`
			}
			by.Send("/agent/v4/stream/"+stream+"/message/create", map[string]any{"message": "<messageML>x " + text.String() + "</messageML>"}).Want(200).Into(&sent)
			m.id = sent.ID
			all = append(all, m)
		}
		for range 40 {
			query := randomQuery(random, authors)
			for u, mayRead := range map[*podtest.User]func(said) bool{bob: func(said) bool { return true }, carol: func(m said) bool { return m.open }} {
				want := []string{}
				for _, m := range all {
					if m.matches(query) && mayRead(m) {
						want = append(want, m.id)
					}
				}
				if got := found(u, query); !slices.Equal(got, want) {
					t.Errorf("%s finds for %s\n%v\nnot\n%v", u.Username, query, got, want)
				}
			}
		}
	})
}

func randomQuery(random *rand.Rand, authors []*podtest.User) string {
	var alternatives []string
	for range 1 + random.IntN(3) {
		terms := []string{[]string{"hashtag:a", "hashtag:b", "cashtag:a"}[random.IntN(3)]}
		if random.IntN(2) == 0 {
			terms = append(terms, []string{"hashtag:b", "cashtag:a"}[random.IntN(2)])
		}
		if random.IntN(2) == 0 {
			terms = append(terms, fmt.Sprint("author:", authors[random.IntN(2)].ID))
		}
		alternatives = append(alternatives, strings.Join(terms, " AND "))
	}
	if random.IntN(3) == 0 {
		alternatives = append(alternatives, fmt.Sprint("author:", authors[0].ID))
	}
	return strings.Join(alternatives, " OR ")
}

// found returns what a signal with a query finds, the oldest first. It reads pages.
func found(u *podtest.User, query string) []string {
	var signal struct {
		ID string `json:"id"`
	}
	u.Post("/agent/v1/signals/create", map[string]any{"name": "x", "query": query}).Want(200).Into(&signal)
	ids := []string{}
	for {
		var page []struct {
			ID string `json:"messageId"`
		}
		u.Get(fmt.Sprintf("/agent/v1/message/search?query=signal:%s&sortDir=ASC&limit=25&skip=%d", signal.ID, len(ids))).Want(200).Into(&page)
		for _, m := range page {
			ids = append(ids, m.ID)
		}
		if len(page) < 25 {
			return ids
		}
	}
}

// room creates a room with a member, and returns its id.
func room(owner, member *podtest.User, public bool) string {
	var made struct {
		Info struct {
			ID string `json:"id"`
		} `json:"roomSystemInfo"`
	}
	attributes := map[string]any{"name": fmt.Sprint("room ", public), "public": public, "discoverable": public}
	owner.Post("/pod/v3/room/create", attributes).Want(200).Into(&made)
	owner.Post("/pod/v1/room/"+made.Info.ID+"/membership/add", map[string]any{"id": member.ID}).Want(200)
	return made.Info.ID
}
