package session

import (
	"strings"
	"sync"
	"time"

	"podium/internal/wire"
)

// topic is the topic by which nodes tell each other which sessions to read again. A payload is
// "session ID", "user ID" or "app COMPANY ID"; an empty one means all of them.
const topic = "sessions"

// cache holds the principals of sessions for as long as freshness allows, so that most requests
// need no query.
type cache struct {
	now func() time.Time

	mu       sync.RWMutex
	sessions map[string]remembered          // by session id
	holders  map[string]map[string]struct{} // "user ID", "app COMPANY ID" → ids of their sessions
	changes  uint64                         // how often an entry was removed by a notification
	swept    time.Time
}

type remembered struct {
	principal
	since time.Time // before the query
}

func newCache(now func() time.Time) *cache {
	return &cache{now: now, sessions: make(map[string]remembered), holders: make(map[string]map[string]struct{}), swept: now()}
}

// get returns the principal of a session, and whether it is known and fresh. If it is not, query
// the database and call put with the ticket.
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

// ticket marks the time of a query.
type ticket struct {
	changes uint64
	since   time.Time
}

// put caches the result of a query, unless a notification has removed an entry since the ticket was
// taken: the result may be older than that change.
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

// sweep removes, at most every five seconds, entries that are no longer fresh.
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
