package feeds_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"podium/internal/db/dbtest"
	"podium/podtest"
)

// TestFeedsLikeQueues compares feeds with plain queues: users say things, come and go; each feed
// has several readers, which acknowledge early, late, twice or never; the clock moves on, and feeds
// end.
func TestFeedsLikeQueues(t *testing.T) {
	if testing.Short() {
		t.Skip("slow: make test runs it")
	}
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, kind dbtest.Kind) {
		clock := podtest.NewClock()
		p := podtest.StartOn(t, kind, podtest.WithClock(clock))
		m := &model{p: p, clock: clock}
		for _, name := range []string{"alice", "bob", "carol"} {
			m.users = append(m.users, p.User(name))
		}
		steps := podtest.ModelOperations(t)
		if kind == dbtest.Postgres {
			steps = max(1, steps/5) // each read waits for the transactions of all tests on the server
		}
		rapid.Check(t, func(t *rapid.T) {
			m.begin()
			for range steps {
				clock.Advance(time.Millisecond)
				m.step(t)
			}
			m.end(t)
		})
	})
}

// model is the feeds of one check.
type model struct {
	p       *podtest.Pod
	clock   *podtest.Clock
	users   []*podtest.User
	room    string
	members map[int64]bool
	queues  []*queue
	n       int
}

// queue is a feed in the model.
type queue struct {
	user    *podtest.User
	feed    string
	waiting []string
	open    []*handed // in the order of the events
	acks    []string  // of all answers
	used    time.Time
}

// handed is what a read was given and has not acknowledged.
type handed struct {
	ack    string
	events []string
	until  time.Time
}

// begin makes a room of the first user, and a feed for each user; the first has two.
func (m *model) begin() {
	for _, q := range m.queues {
		q.user.Delete("/agent/v5/datafeeds/" + q.feed).Want(204)
	}
	m.n++
	m.room = room(m.users[0], fmt.Sprint("model ", m.n))
	m.members = map[int64]bool{m.users[0].ID: true}
	m.queues = nil
	for _, u := range append(m.users, m.users[0]) {
		m.queues = append(m.queues, &queue{user: u, feed: m.create(u), used: m.clock.Now()})
	}
}

func (m *model) create(u *podtest.User) string {
	var f struct {
		ID string `json:"id"`
	}
	u.Post("/agent/v5/datafeeds", nil).Want(201).Into(&f)
	return f.ID
}

func (m *model) step(t *rapid.T) {
	switch rapid.IntRange(0, 9).Draw(t, "step") {
	case 0, 1, 2:
		m.say(t)
	case 3:
		m.move(t)
	case 4:
		m.clock.Advance(rapid.SampledFrom([]time.Duration{5 * time.Second, 25 * time.Second, 31 * time.Second}).Draw(t, "pass"))
	case 5:
		if rapid.IntRange(0, 5).Draw(t, "long") == 0 {
			m.clock.Advance(31 * time.Minute)
		}
	default:
		m.read(t, rapid.SampledFrom(m.queues).Draw(t, "queue"))
	}
}

// happens puts an event into the queues of the members, and of one who is no longer a member.
func (m *model) happens(text string, also int64) {
	for _, q := range m.queues {
		if m.members[q.user.ID] || q.user.ID == also {
			q.waiting = append(q.waiting, text)
		}
	}
}

func (m *model) say(t *rapid.T) {
	author := m.users[0]
	for range rapid.SampledFrom([]int{1, 1, 1, 1, 1, 1, 1, 1, 2, 2, 2, 105}).Draw(t, "messages") {
		m.n++
		text := fmt.Sprint("said ", m.n)
		say(author, m.room, text)
		m.happens(said(text), 0)
	}
}

// move has another user join the room, or leave it.
func (m *model) move(t *rapid.T) {
	u := rapid.SampledFrom(m.users[1:]).Draw(t, "user")
	if !m.members[u.ID] {
		add(m.users[0], m.room, u)
		m.members[u.ID] = true
		m.happens("USERJOINEDROOM", 0)
		return
	}
	m.users[0].Post("/pod/v1/room/"+m.room+"/membership/remove", map[string]any{"id": u.ID}).Want(200)
	delete(m.members, u.ID)
	m.happens("USERLEFTROOM", u.ID)
}

// read reads a feed with the acknowledgement of any earlier answer, and compares.
func (m *model) read(t *rapid.T, q *queue) {
	ack := ""
	if len(q.acks) > 0 && rapid.IntRange(0, 3).Draw(t, "acknowledges") > 0 {
		last := max(0, len(q.acks)-3)
		ack = rapid.SampledFrom(q.acks[last:]).Draw(t, "ack")
	}
	m.p.Settle(t)
	answer := q.user.Post("/agent/v5/datafeeds/"+q.feed+"/read", map[string]any{"ackId": ack})
	now := m.clock.Now()
	if now.Sub(q.used) >= 30*time.Minute {
		answer.Want(400)
		*q = queue{user: q.user, feed: m.create(q.user), used: now}
		return
	}
	var r read
	answer.Want(200).Into(&r)
	want, given := q.give(ack, now)
	if got := texts(r); !slices.Equal(got, want) {
		t.Fatalf("the feed gives %q, the queue %q", got, want)
	}
	if given != nil {
		given.ack = r.AckID
	}
	q.acks = append(q.acks, r.AckID)
}

// give returns what a read gets.
func (q *queue) give(ack string, now time.Time) ([]string, *handed) {
	open := len(q.open)
	q.open = slices.DeleteFunc(q.open, func(h *handed) bool { return h.ack == ack })
	if len(q.open) < open || now.Sub(q.used) >= time.Minute {
		q.used = now
	}
	for _, h := range q.open {
		if !h.until.After(now) {
			h.until, q.used = now.Add(30*time.Second), now
			return h.events, h
		}
	}
	n := min(100, len(q.waiting))
	if n == 0 || len(q.open) == 64 {
		return []string{}, nil
	}
	h := &handed{events: q.waiting[:n:n], until: now.Add(30 * time.Second)}
	q.waiting, q.used = q.waiting[n:], now
	q.open = append(q.open, h)
	return h.events, h
}

// end reads every feed until it gives nothing more.
func (m *model) end(t *rapid.T) {
	for _, q := range m.queues {
		for len(q.waiting) > 0 || len(q.open) > 0 {
			m.clock.Advance(30 * time.Second)
			for _, h := range q.open {
				q.acks = append(q.acks, h.ack)
			}
			m.read(t, q)
		}
	}
}
