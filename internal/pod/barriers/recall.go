package barriers

import (
	"math"
	"slices"
	"sync"

	"github.com/hashicorp/golang-lru/v2/simplelru"

	"podium/internal/db"
	"podium/internal/wire"
)

// maxRecall is the most memory, in bytes, of the groups that a node caches for all companies: about
// 30,000,000 memberships.
const maxRecall = 64 << 20

// recall caches the members of the groups that searches used last. A group's row counts the changes
// of its members. So the cache is exact whichever node changed a group, and after a change only
// that group is read again. The zero value is ready for use.
type recall struct {
	mu     sync.Mutex
	groups *simplelru.LRU[int64, recalled]
	size   int // in bytes
	max    int // 0: maxRecall
}

// recalled holds the members of a group after so many changes.
type recalled struct {
	turns   int64
	members packed
}

// get returns the current members of those groups that are cached, by number.
func (r *recall) get(groups []opposed) map[int64]packed {
	known := make(map[int64]packed, len(groups))
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, g := range groups {
		if r.groups == nil {
			break
		}
		if one, ok := r.groups.Get(g.number); ok && one.turns == g.turns {
			known[g.number] = one.members
		}
	}
	return known
}

// put caches the members of a group. It removes the groups that were not used for longest if the
// cache is full.
func (r *recall) put(g opposed, members packed) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.groups == nil {
		forgotten := func(_ int64, one recalled) { r.size -= one.members.size() }
		r.groups, _ = simplelru.NewLRU(math.MaxInt, forgotten) // it fails only for sizes below 1
	}
	r.groups.Remove(g.number)
	r.groups.Add(g.number, recalled{g.turns, members})
	r.size += members.size()
	limit := r.max
	if limit == 0 {
		limit = maxRecall
	}
	for r.size > limit {
		r.groups.RemoveOldest()
	}
}

// complete reads the members of the groups that are missing in known, and caches them. It does not
// cache what a writing transaction reads, because that may be rolled back.
func (r *recall) complete(tx *db.Tx, groups []opposed, known map[int64]packed) error {
	var unread []opposed
	var numbers []int64
	for _, g := range groups {
		if _, ok := known[g.number]; !ok {
			unread, numbers = append(unread, g), append(numbers, g.number)
		}
	}
	for part := range slices.Chunk(numbers, atOnce) {
		_, err := db.All(tx, func(row db.Row) (none struct{}, err error) {
			var group int64
			var user wire.UserID
			if err = row.Scan(&group, &user); err == nil {
				members := known[group]
				members.add(user)
				known[group] = members
			}
			return none, err
		}, `
			SELECT grp, user_id
			FROM barrier_members
			WHERE grp IN ($1)
			ORDER BY grp, user_id`, part)
		if err != nil {
			return err
		}
	}
	if tx.ReadOnly() {
		for _, g := range unread {
			r.put(g, known[g.number])
		}
	}
	return nil
}
