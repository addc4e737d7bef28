package session

import (
	"strings"
	"sync"
	"time"

	"podium/internal/wire"
)

// topic is where nodes tell one another which sessions to look at anew. A payload is
// "session ID", "user ID" or "app COMPANY ID"; an empty one means all of them.
const topic = "sessions"

// cache remembers whom sessions stand for, for as long as freshness lets it, so that most
// requests need not ask the database.
type cache struct {
	now func() time.Time

	mu       sync.RWMutex
	sessions map[string]remembered          // by session id
	holders  map[string]map[string]struct{} // "user ID", "app COMPANY ID" → ids of their sessions
	changes  uint64                         // how often something was forgotten
	swept    time.Time
}

type remembered struct {
	principal
	since time.Time // from before the database was asked
}

func newCache(now func() time.Time) *cache {
	return &cache{now: now, sessions: make(map[string]remembered), holders: make(map[string]map[string]struct{}), swept: now()}
}

// get is whom a session stands for, if that is known and fresh. Otherwise ask the database
// and put what it says, with the ticket.
func (c *cache) get(id string) (p principal, fresh bool, t ticket) {
	now := c.now()
	c.mu.RLock()
	r, ok := c.sessions[id]
	t = ticket{changes: c.changes, since: now}
	c.mu.RUnlock()
	if ok && now.Sub(r.since) < freshness {
		return r.principal, true, t
	}
	return principal{}, false, t
}

// ticket marks when the database was asked.
type ticket struct {
	changes uint64
	since   time.Time
}

// put remembers what the database said, unless something was forgotten meanwhile: the answer
// may be from before that.
func (c *cache) put(id string, p principal, t ticket) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.changes != t.changes {
		return
	}
	c.drop(id)
	c.sessions[id] = remembered{principal: p, since: t.since}
	for _, h := range holdersOf(p) {
		if c.holders[h] == nil {
			c.holders[h] = make(map[string]struct{})
		}
		c.holders[h][id] = struct{}{}
	}
	c.sweep()
}

// forget handles a notification of the topic.
func (c *cache) forget(payload string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.changes++
	if payload == "" {
		clear(c.sessions)
		clear(c.holders)
		return
	}
	if id, ok := strings.CutPrefix(payload, "session "); ok {
		c.drop(id)
		return
	}
	for id := range c.holders[payload] {
		c.drop(id)
	}
}

// sweep drops, every few seconds, what is no longer fresh: it would never be used.
func (c *cache) sweep() {
	now := c.now()
	if now.Sub(c.swept) < 5*time.Second {
		return
	}
	c.swept = now
	for id, r := range c.sessions {
		if now.Sub(r.since) >= freshness {
			c.drop(id)
		}
	}
}

func (c *cache) drop(id string) {
	r, ok := c.sessions[id]
	if !ok {
		return
	}
	delete(c.sessions, id)
	for _, h := range holdersOf(r.principal) {
		delete(c.holders[h], id)
		if len(c.holders[h]) == 0 {
			delete(c.holders, h)
		}
	}
}

func holdersOf(p principal) []string {
	var holders []string
	if p.caller.User != 0 {
		holders = append(holders, userHolder(p.caller.User))
	}
	if p.caller.App != "" {
		holders = append(holders, appHolder(p.caller.Company, p.caller.App))
	}
	return holders
}

func userHolder(id wire.UserID) string { return "user " + id.String() }

func appHolder(company wire.CompanyID, app string) string {
	return "app " + company.String() + " " + app
}
