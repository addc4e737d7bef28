package directory

import (
	"sync"
	"time"

	"podium/internal/pod/accounts"
	"podium/internal/wire"
)

const (
	// freshness is how long a cached account is used, as for a session (docs/decisions/0002).
	freshness = 800 * time.Millisecond

	// maxRecent is the most cached accounts: about 10 MB.
	maxRecent = 10_000

	// topic is the topic by which nodes tell each other which accounts to read again. The payload
	// is an id; an empty one means all of them.
	topic = "users"
)

// recent caches accounts that were looked up by id: clients ask for the same few again and again,
// and reading one costs more than the rest of the request. A nil recent caches nothing.
type recent struct {
	now func() time.Time

	mu      sync.RWMutex
	users   map[wire.UserID]rememberedUser
	changes uint64 // how often an entry was removed by a notification
}

func newRecent(now func() time.Time) *recent {
	return &recent{now: now, users: make(map[wire.UserID]rememberedUser)}
}

// rememberedUser is a cached account.
type rememberedUser struct {
	accounts.User
	since time.Time // before the query
}

// reading marks the time of a query.
type reading struct {
	changes uint64
	since   time.Time
}

// get returns the accounts if all of them are cached, fresh, and of the company: what other
// companies may see depends on more than the account. If not, query the database and call put with
// the reading.
func (c *recent) get(ids []wire.UserID, company wire.CompanyID) (list []accounts.User, ok bool, r reading) {
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

// put caches the result of a query, unless a notification has removed an entry since: the result
// may be older than that change.
func (c *recent) put(list []accounts.User, r reading) {
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

// sweep removes entries that are no longer fresh. If too many remain, it removes all, because a
// client with so many look-ups asks for others each time.
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
