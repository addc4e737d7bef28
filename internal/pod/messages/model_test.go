package messages_test

import (
	"fmt"
	"net/http"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"podium/internal/db/dbtest"
	"podium/podtest"
)

// TestMessagesLikeAModel sends, updates and suppresses messages of users of two companies while
// members come and go, rooms are closed and a barrier comes and goes. It compares who reads what,
// and in which order, with a model.
func TestMessagesLikeAModel(t *testing.T) {
	if testing.Short() {
		t.Skip("slow: make test runs it")
	}
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, kind dbtest.Kind) {
		clock := podtest.NewClock()
		p := podtest.StartOn(t, kind, podtest.WithClock(clock))
		m := &world{p: p, clock: clock, barrier: p.Barrier("model")}
		for _, name := range []string{"alice", "bob", "carol"} {
			m.users = append(m.users, p.User(name))
		}
		m.users = append(m.users, p.Stranger("dave"))
		m.admin = p.Bot("acme-admin")
		alice, dave := m.users[0], m.users[3]
		alice.Post("/pod/v1/connection/create", map[string]int64{"userId": dave.ID}).Want(200)
		dave.Post("/pod/v1/connection/accept", map[string]int64{"userId": alice.ID}).Want(200)
		m.barrier.SetActive(false)
		m.barrier.KeepApart(m.users[1:2], m.users[2:3]) // bob and carol
		steps := podtest.ModelOperations(t)
		rapid.Check(t, func(t *rapid.T) {
			m.begin(t)
			for range steps {
				clock.Advance(time.Millisecond)
				m.step(t)
			}
			for _, u := range m.users {
				for _, r := range m.rooms {
					m.read(t, u, r)
				}
			}
		})
	})
}

// world is the model of all rooms of one check.
type world struct {
	p       *podtest.Pod
	clock   *podtest.Clock
	barrier *podtest.Barrier
	users   []*podtest.User
	admin   *podtest.User
	rooms   []*modelRoom
	apart   bool // the barrier is active
	n       int
}

// modelRoom is a room in the model.
type modelRoom struct {
	id                string
	public, history   bool
	readOnly, cross   bool
	closed, separated bool
	joined            map[int64]time.Time
	said              []*said
}

// said is a version of a message in the model.
type said struct {
	id, text, initial, replacing, replacedBy string
	author                                   int64
	at                                       time.Time
	suppressed                               bool
}

type sentMessage struct {
	ID         string `json:"messageId"`
	Text       string `json:"message"`
	At         int64  `json:"timestamp"`
	Initial    string `json:"initialMessageId"`
	Replacing  string `json:"replacing"`
	ReplacedBy string `json:"replacedBy"`
	User       struct {
		ID int64 `json:"userId"`
	} `json:"user"`
}

// begin creates the rooms of a check; alice owns them.
func (m *world) begin(_ *rapid.T) {
	if m.apart {
		m.barrier.SetActive(false)
		m.apart = false
	}
	m.rooms = nil
	for i, attributes := range []map[string]any{
		{"public": true}, {"viewHistory": true}, {"readOnly": true}, {"crossPod": true}, {},
	} {
		m.n++
		attributes["name"], attributes["description"] = fmt.Sprintf("model %d", m.n), "of a model"
		var made struct {
			Info struct {
				ID string `json:"id"`
			} `json:"roomSystemInfo"`
		}
		m.users[0].Post("/pod/v3/room/create", attributes).Want(200).Into(&made)
		m.rooms = append(m.rooms, &modelRoom{
			id: made.Info.ID, public: i == 0, history: i <= 1, readOnly: i == 2, cross: i == 3,
			joined: map[int64]time.Time{m.users[0].ID: m.clock.Now()},
		})
	}
}

func (m *world) step(t *rapid.T) {
	u, r := rapid.SampledFrom(m.users).Draw(t, "user"), rapid.SampledFrom(m.rooms).Draw(t, "room")
	switch rapid.IntRange(0, 11).Draw(t, "step") {
	case 0, 1, 2:
		m.send(t, u, r)
	case 3:
		m.update(t, u, r)
	case 4:
		m.suppress(t, u, r)
	case 5, 6:
		m.join(t, u, r)
	case 7:
		m.leave(t, u, r)
	case 8:
		m.setActive(t, r)
	case 9:
		m.separate(t)
	default:
		m.read(t, u, r)
	}
}

// knows reports whether a user's company may know of a room.
func (m *world) knows(u *podtest.User, r *modelRoom) bool {
	if u.ID>>36 == 190 {
		return true
	}
	return slices.ContainsFunc(m.users, func(v *podtest.User) bool { return v.ID>>36 == u.ID>>36 && !r.joined[v.ID].IsZero() })
}

// sendStatus returns the status of sending to a room.
func (m *world) sendStatus(u *podtest.User, r *modelRoom) int {
	_, in := r.joined[u.ID]
	own := u.ID>>36 == 190
	switch {
	case !m.knows(u, r):
		return http.StatusBadRequest
	case !in && !(own && r.public):
		return http.StatusForbidden
	case r.readOnly && u != m.users[0]:
		return http.StatusForbidden
	case r.closed || r.separated:
		return http.StatusBadRequest
	case !in && m.apart && (u == m.users[1] && !r.joined[m.users[2].ID].IsZero() || u == m.users[2] && !r.joined[m.users[1].ID].IsZero()):
		return http.StatusForbidden
	}
	return http.StatusOK
}

func (m *world) text() string {
	m.n++
	return fmt.Sprintf("text %d", m.n)
}

// want fails the check unless an answer has the status.
func want(t *rapid.T, what string, a podtest.Answer, status int) bool {
	if a.Status != status {
		t.Fatalf("%s: %d %s, not %d", what, a.Status, a.Body, status)
	}
	return status == http.StatusOK
}

func (m *world) send(t *rapid.T, u *podtest.User, r *modelRoom) {
	text := m.text()
	a := u.Send("/agent/v4/stream/"+r.id+"/message/create", map[string]any{"message": "<messageML>" + text + "</messageML>"})
	if want(t, "send", a, m.sendStatus(u, r)) {
		var sent sentMessage
		a.Into(&sent)
		r.said = append(r.said, &said{id: sent.ID, text: text, author: u.ID, at: m.clock.Now()})
	}
}

func (m *world) update(t *rapid.T, u *podtest.User, r *modelRoom) {
	if len(r.said) == 0 {
		return
	}
	s := rapid.SampledFrom(r.said).Draw(t, "message")
	status := m.sendStatus(u, r)
	if status == http.StatusOK && s.suppressed {
		status = http.StatusBadRequest
	} else if status == http.StatusOK && s.author != u.ID {
		status = http.StatusForbidden
	}
	text := m.text()
	a := u.Send("/agent/v4/stream/"+r.id+"/message/"+s.id+"/update", map[string]any{"message": "<messageML>" + text + "</messageML>"})
	if !want(t, "update", a, status) {
		return
	}
	var sent sentMessage
	a.Into(&sent)
	for s.replacedBy != "" {
		s = r.said[slices.IndexFunc(r.said, func(o *said) bool { return o.id == s.replacedBy })]
	}
	s.replacedBy = sent.ID
	initial := s.initial
	if initial == "" {
		initial = s.id
	}
	r.said = append(r.said, &said{id: sent.ID, text: text, author: u.ID, at: m.clock.Now(), replacing: s.id, initial: initial})
}

func (m *world) suppress(t *rapid.T, u *podtest.User, r *modelRoom) {
	if len(r.said) == 0 {
		return
	}
	s := rapid.SampledFrom(r.said).Draw(t, "message")
	status := http.StatusOK
	if !m.knows(u, r) {
		status = http.StatusBadRequest
	} else if s.author != u.ID {
		status = http.StatusForbidden
	}
	if want(t, "suppress", u.Post("/pod/v1/admin/messagesuppression/"+s.id+"/suppress", nil), status) {
		s.suppressed = true
	}
}

func (m *world) join(t *rapid.T, u *podtest.User, r *modelRoom) {
	_, in := r.joined[u.ID]
	if in || u.ID>>36 != 190 && !r.cross {
		return
	}
	a := m.users[0].Post("/pod/v1/room/"+r.id+"/membership/add", map[string]int64{"id": u.ID})
	if a.Status == http.StatusOK {
		r.joined[u.ID] = m.clock.Now()
	} else if !r.closed && !m.apart && !(r.cross && u != m.users[3]) {
		t.Fatalf("join: %d %s", a.Status, a.Body)
	}
}

func (m *world) leave(t *rapid.T, u *podtest.User, r *modelRoom) {
	if _, in := r.joined[u.ID]; !in || u == m.users[0] {
		return
	}
	if a := m.users[0].Post("/pod/v1/room/"+r.id+"/membership/remove", map[string]int64{"id": u.ID}); a.Status == http.StatusOK {
		delete(r.joined, u.ID)
		m.activity(t, r)
	}
}

func (m *world) setActive(t *rapid.T, r *modelRoom) {
	if a := m.users[0].Post(fmt.Sprintf("/pod/v1/room/%s/setActive?active=%v", r.id, r.closed), nil); a.Status == http.StatusOK {
		r.closed = !r.closed
	}
	m.activity(t, r)
}

// separate activates the barrier, or deactivates it.
func (m *world) separate(t *rapid.T) {
	m.apart = !m.apart
	m.barrier.SetActive(m.apart)
	for _, r := range m.rooms {
		m.activity(t, r)
	}
}

// activity takes over whether a room is active: what barriers do to rooms has a model of its own,
// in package streams.
func (m *world) activity(_ *rapid.T, r *modelRoom) {
	var info struct {
		Info struct {
			Active bool `json:"active"`
		} `json:"roomSystemInfo"`
	}
	m.users[0].Get("/pod/v3/room/" + r.id + "/info").Want(200).Into(&info)
	r.separated = !info.Info.Active && !r.closed
	if info.Info.Active {
		r.closed = false
	}
}

// read compares what a user reads of a room, in a list and by id, with the model.
func (m *world) read(t *rapid.T, u *podtest.User, r *modelRoom) {
	a := u.Get("/agent/v4/stream/" + r.id + "/message?since=0&limit=500")
	joined, in := r.joined[u.ID]
	readable := in || r.public && u.ID>>36 == 190
	status := http.StatusOK
	if !m.knows(u, r) {
		status = http.StatusBadRequest
	} else if !readable {
		status = http.StatusForbidden
	}
	var got []sentMessage
	if want(t, "list", a, status) {
		a.Into(&got)
	}
	slices.Reverse(got)
	var expected []*said
	for _, s := range r.said {
		visible := readable && !s.suppressed && (!in || r.history || !s.at.Before(joined))
		if visible {
			expected = append(expected, s)
		}
		if rapid.IntRange(0, 9).Draw(t, "by id") == 0 {
			one := u.Get("/agent/v1/message/" + s.id)
			if one.Status == http.StatusOK && !visible && !m.wasThere(u, r, s) || one.Status == http.StatusNoContent && visible {
				t.Fatalf("message %s of %+v is read by %d: %d", s.id, r, u.ID, one.Status)
			}
		}
	}
	if len(got) != len(expected) {
		t.Fatalf("user %d reads %d messages of %+v, not %d", u.ID, len(got), r, len(expected))
	}
	for i, s := range expected {
		g := got[i]
		if g.ID != s.id || g.User.ID != s.author || g.At != s.at.UnixMilli() || g.Initial != s.initial || g.Replacing != s.replacing ||
			g.ReplacedBy != s.replacedBy || g.Text != `<div data-format="PresentationML" data-version="2.0">`+s.text+`</div>` {
			t.Fatalf("message %d is %+v, not %+v", i, g, s)
		}
	}
}

// wasThere reports whether a message may be read by a user who has left: where the history is
// shown, what was said while the user was a member.
func (m *world) wasThere(_ *podtest.User, r *modelRoom, s *said) bool {
	return r.history && !s.suppressed
}
