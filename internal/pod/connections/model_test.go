package connections_test

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"podium/internal/client"
	"podium/internal/db"
	"podium/internal/db/dbtest"
	"podium/internal/pod/connections"
	"podium/internal/wire"
	"podium/podtest"
)

// between is the model of two users: who asked, and the state. The zero value is no record.
type between struct {
	requester int64
	status    string // pending, accepted or rejected
	first     int64
	updated   int64
	requests  int64
}

// seenBy returns the published status for one of the two users; empty if there is no record.
func (b between) seenBy(user int64) string {
	switch {
	case b.status == "accepted":
		return "ACCEPTED"
	case b.status == "rejected":
		return "REJECTED"
	case b.status == "pending" && b.requester == user:
		return "PENDING_OUTGOING"
	case b.status == "pending":
		return "PENDING_INCOMING"
	}
	return "none"
}

// after implements the published table of section 1.3: the state after an action of a user, and the
// status of the answer. A refused action changes nothing.
func (b between) after(user int64, action string, now int64) (between, int) {
	moved := b
	moved.updated = now
	seen := b.seenBy(user)
	refusedIt := seen == "REJECTED" && b.requester != user
	switch {
	case action == "create" && (seen == "none" || seen == "REJECTED"):
		moved.status, moved.requester = "pending", user
		moved.requests++
		if seen == "none" {
			moved.first = now
		}
	case (action == "create" || action == "accept") && seen == "ACCEPTED":
		return b, 200
	case (action == "accept" || action == "reject") && seen == "none":
		return b, 404
	case action == "accept" && seen == "PENDING_INCOMING":
		moved.status = "accepted"
	case (action == "reject" || action == "remove") && seen == "PENDING_INCOMING":
		moved.status = "rejected"
	case action == "remove" && (seen == "PENDING_OUTGOING" || seen == "ACCEPTED"):
		return between{}, 200
	case action == "remove" && refusedIt:
		moved.status = "pending"
	default:
		return b, 400
	}
	return moved, 200
}

var actions = []string{"create", "accept", "reject", "remove"}

// act performs an action of a user on another.
func act(u *podtest.User, action string, other int64) (client.Answer, error) {
	if action == "remove" {
		return u.Client.Do(context.Background(), "POST", fmt.Sprintf("/pod/v1/connection/user/%d/remove", other), nil)
	}
	return u.Client.Do(context.Background(), "POST", "/pod/v1/connection/"+action, []byte(fmt.Sprintf(`{"userId": %d}`, other)))
}

// stage is users of two companies on a pod whose clock the test moves.
type stage struct {
	*podtest.Pod
	clock *podtest.Clock
	users []*podtest.User
}

func each(t *testing.T, test func(t *testing.T, s *stage)) {
	t.Helper()
	dbtest.Each(t, func(t *testing.T, kind dbtest.Kind) {
		// its own clock, because the other database's test runs at the same time
		clock := podtest.NewClock()
		p := podtest.StartOn(t, kind, podtest.WithClock(clock))
		test(t, &stage{p, clock, []*podtest.User{p.User("alice"), p.Stranger("dave"), p.User("bob"), p.Stranger("erin"), p.User("carol")}})
	})
}

// forget deletes all connections.
func (s *stage) forget(t *rapid.T) {
	t.Helper()
	_, err := db.Write(context.Background(), s.Inner.DB, func(tx *db.Tx) (struct{}, error) {
		return struct{}{}, tx.Exec(`DELETE FROM connections`)
	})
	if err != nil {
		t.Fatal(err)
	}
}

func foreign(a, b *podtest.User) bool { return a.ID>>36 != b.ID>>36 }

// views returns how a user sees the connections with others. The list, the single look-up and the
// function Connected must agree.
func (s *stage) views(t *rapid.T, u *podtest.User) map[int64]connections.Connection {
	t.Helper()
	answer, err := u.Client.Do(context.Background(), "GET", "/pod/v1/connection/list?status=ALL", nil)
	var list []connections.Connection
	if err != nil || json.Unmarshal(answer.Body, &list) != nil {
		t.Fatalf("%v: %s", err, answer.Body)
	}
	seen := make(map[int64]connections.Connection)
	for _, c := range list {
		seen[int64(c.UserID)] = c
	}
	for _, other := range s.users {
		if !foreign(u, other) {
			continue
		}
		answer, err := u.Client.Do(context.Background(), "GET", fmt.Sprintf("/pod/v1/connection/user/%d/info", other.ID), nil)
		var one connections.Connection
		if err != nil || json.Unmarshal(answer.Body, &one) != nil || (answer.Status != 200 && answer.Status != 404) {
			t.Fatalf("%v: %s", err, answer.Body)
		}
		if c, listed := seen[other.ID]; listed != (answer.Status == 200) || c != one {
			t.Fatalf("%s and %s: listed as %v, alone %d %v", u.Username, other.Username, c, answer.Status, one)
		}
		connected, err := db.Read(context.Background(), s.Inner.DB, func(tx *db.Tx) (bool, error) {
			return connections.Connected(tx, wire.UserID(u.ID), wire.UserID(other.ID))
		})
		if err != nil || connected != (one.Status == connections.Accepted) {
			t.Fatalf("%s and %s: connected is %v (%v), and they see %v", u.Username, other.Username, connected, err, one)
		}
	}
	return seen
}

// sees fails the test unless a user sees a pair as the model has it.
func sees(t *rapid.T, u *podtest.User, other int64, views map[int64]connections.Connection, b between) {
	t.Helper()
	want := connections.Connection{}
	if b.status != "" {
		want = connections.Connection{
			UserID: wire.UserID(other), Status: connections.Status(b.seenBy(u.ID)),
			FirstRequestedAt: wire.Time(b.first), UpdatedAt: wire.Time(b.updated), RequestCounter: b.requests,
		}
	}
	if views[other] != want {
		t.Fatalf("%s sees %v of %d, not %v", u.Username, views[other], other, want)
	}
}

// TestStatesByTheTable performs random actions one after another. Each user must see what the
// published table says.
func TestStatesByTheTable(t *testing.T) {
	if testing.Short() {
		t.Skip("slow: make test runs it")
	}
	t.Parallel()
	each(t, func(t *testing.T, s *stage) {
		rapid.Check(t, func(t *rapid.T) {
			s.forget(t)
			users := s.users[:rapid.IntRange(2, len(s.users)).Draw(t, "users")]
			believed := make(map[[2]int64]between)
			for range rapid.IntRange(1, 25).Draw(t, "steps") {
				s.clock.Advance(time.Second)
				now := s.clock.Now().UnixMilli()
				u := rapid.SampledFrom(users).Draw(t, "user")
				other := rapid.SampledFrom(users).Filter(func(o *podtest.User) bool { return foreign(u, o) }).Draw(t, "other")
				action := rapid.SampledFrom(actions).Draw(t, "action")
				key := [2]int64{min(u.ID, other.ID), max(u.ID, other.ID)}
				next, status := believed[key].after(u.ID, action, now)
				answer, err := act(u, action, other.ID)
				if err != nil || answer.Status != status {
					t.Fatalf("%s of %s: %v %d %s, not %d", action, u.Username, err, answer.Status, answer.Body, status)
				}
				believed[key] = next
				sees(t, u, other.ID, s.views(t, u), next)
				sees(t, other, u.ID, s.views(t, other), next)
			}
		})
	})
}

// TestSeveralAtOnce performs actions concurrently. For each pair, the result must be that of some
// sequential order.
func TestSeveralAtOnce(t *testing.T) {
	if testing.Short() {
		t.Skip("slow: make test runs it")
	}
	t.Parallel()
	each(t, func(t *testing.T, s *stage) {
		rapid.Check(t, func(t *rapid.T) {
			s.forget(t)
			users := s.users[:rapid.IntRange(2, len(s.users)).Draw(t, "users")]
			believed := make(map[[2]int64]between)
			for range rapid.IntRange(1, 6).Draw(t, "rounds") {
				s.clock.Advance(time.Second)
				deeds := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) *deed {
					u := rapid.SampledFrom(users).Draw(t, "user")
					other := rapid.SampledFrom(users).Filter(func(o *podtest.User) bool { return foreign(u, o) }).Draw(t, "other")
					return &deed{user: u, other: other.ID, action: rapid.SampledFrom(actions).Draw(t, "action")}
				}), 2, 5).Draw(t, "deeds")
				var all sync.WaitGroup
				for _, d := range deeds {
					all.Go(d.do)
				}
				all.Wait()
				s.explain(t, users, deeds, believed)
			}
		})
	})
}

// deed is a concurrent action with its answer.
type deed struct {
	user   *podtest.User
	other  int64
	action string
	status int
	err    error
}

func (d *deed) do() {
	var answer client.Answer
	answer, d.err = act(d.user, d.action, d.other)
	d.status = answer.Status
}

func (d *deed) String() string {
	return d.user.Username + " " + d.action + " " + strconv.FormatInt(d.other, 10) + ": " + strconv.Itoa(d.status)
}

func (d *deed) pair() [2]int64 { return [2]int64{min(d.user.ID, d.other), max(d.user.ID, d.other)} }

// explain finds, for each pair, an order of the deeds that explains every answer and what both
// users see now.
func (s *stage) explain(t *rapid.T, users []*podtest.User, deeds []*deed, believed map[[2]int64]between) {
	t.Helper()
	now := s.clock.Now().UnixMilli()
	views := make(map[int64]map[int64]connections.Connection)
	for _, u := range users {
		views[u.ID] = s.views(t, u)
	}
	of := make(map[[2]int64][]*deed)
	for _, d := range deeds {
		if d.err != nil {
			t.Fatal(d.err)
		}
		of[d.pair()] = append(of[d.pair()], d)
	}
	for pair, list := range of {
		fits := func(b between) bool {
			a, c := views[pair[0]][pair[1]], views[pair[1]][pair[0]]
			if b.status == "" {
				return a.UserID == 0 && c.UserID == 0
			}
			return string(a.Status) == b.seenBy(pair[0]) && string(c.Status) == b.seenBy(pair[1]) &&
				a.RequestCounter == b.requests && c.RequestCounter == b.requests &&
				int64(a.FirstRequestedAt) == b.first && int64(a.UpdatedAt) == b.updated && a.UpdatedAt == c.UpdatedAt
		}
		b, ok := ordered(believed[pair], list, now, fits)
		if !ok {
			t.Fatalf("no order explains %v from %v to %v and %v", list, believed[pair], views[pair[0]][pair[1]], views[pair[1]][pair[0]])
		}
		believed[pair] = b
	}
	for _, u := range users {
		for _, other := range users {
			if key := [2]int64{min(u.ID, other.ID), max(u.ID, other.ID)}; foreign(u, other) {
				sees(t, u, other.ID, views[u.ID], believed[key])
			}
		}
	}
}

// ordered searches for an order in which the deeds give their answers, and an end state that fits.
func ordered(b between, left []*deed, now int64, fits func(between) bool) (between, bool) {
	if len(left) == 0 {
		return b, fits(b)
	}
	for i, d := range left {
		next, status := b.after(d.user.ID, d.action, now)
		if status != d.status {
			continue
		}
		if end, ok := ordered(next, slices.Delete(slices.Clone(left), i, i+1), now, fits); ok {
			return end, true
		}
	}
	return b, false
}
