package users

import (
	"sync"
	"time"

	"podium/internal/db"
	"podium/internal/notify"
	"podium/internal/wire"
)

const (
	// freshness is how long what was read of an account is believed, as of a session (docs/decisions/0002).
	freshness = 800 * time.Millisecond

	// maxRecent is the most accounts remembered: some 10 MB.
	maxRecent = 10_000

	// topic is where nodes tell one another which accounts to look at anew. The payload is an id; an
	// empty one means all of them.
	topic = "users"
)

// recent remembers accounts that were just looked up by id: clients ask for the same few again and
// again, and reading one costs more than all the rest of the request. A nil one remembers nothing.
type recent struct {
	now func() time.Time

	mu      sync.RWMutex
	users   map[wire.UserID]rememberedUser
	changes uint64 // how often something was forgotten
}

type rememberedUser struct {
	User
	since time.Time // from before the database was asked
}

// reading marks when the database was asked.
type reading struct {
	changes uint64
	since   time.Time
}

// Remember has look-ups by id answer from what was read a moment ago, until this node or another
// says that an account changed, and for 0.8 s at the longest. stop ends the listening.
func (s *Service) Remember(n notify.Notifier, now func() time.Time) (stop func()) {
	if now == nil {
		now = time.Now
	}
	s.recent = &recent{now: now, users: make(map[wire.UserID]rememberedUser)}
	changed := func(tx *db.Tx, id wire.UserID) error {
		tx.OnCommit(func() { n.Notify(topic, id.String()) })
		return nil
	}
	s.Changed = append(s.Changed, changed)
	s.Barred = append(s.Barred, changed)
	s.Renamed = append(s.Renamed, changed)
	return n.Handle(topic, s.recent.forget)
}

// get is the accounts, if all of them are known, fresh, and of the company: what strangers may see depends
// on more than the account. Otherwise ask the database, and put what it says with the reading.
func (c *recent) get(ids []wire.UserID, company wire.CompanyID) (list []User, ok bool, r reading) {
	if c == nil {
		return nil, false, r
	}
	now := c.now()
	c.mu.RLock()
	defer c.mu.RUnlock()
	r = reading{changes: c.changes, since: now}
	for _, id := range ids {
		u, ok := c.users[id]
		if !ok || u.Company != company || now.Sub(u.since) >= freshness {
			return nil, false, r
		}
		list = append(list, u.User)
	}
	return list, true, r
}

// put remembers what the database said, unless something was forgotten meanwhile: the answer may be from
// before that.
func (c *recent) put(list []User, r reading) {
	if c == nil {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.changes != r.changes {
		return
	}
	if len(c.users)+len(list) > maxRecent {
		c.sweep()
	}
	for _, u := range list {
		if len(c.users) < maxRecent {
			c.users[u.ID] = rememberedUser{User: u, since: r.since}
		}
	}
}

// sweep drops what is no longer fresh, and where that is too little everything: who looks up so many
// accounts at once looks up others each time.
func (c *recent) sweep() {
	now := c.now()
	for id, u := range c.users {
		if now.Sub(u.since) >= freshness {
			delete(c.users, id)
		}
	}
	if len(c.users) > maxRecent/2 {
		clear(c.users)
	}
}

// forget handles a notification of the topic.
func (c *recent) forget(payload string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.changes++
	if id, err := wire.ParseUserID(payload); err == nil {
		delete(c.users, id)
		return
	}
	clear(c.users)
}
