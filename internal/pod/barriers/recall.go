package barriers

import (
	"math"
	"slices"
	"sync"

	"github.com/hashicorp/golang-lru/v2/simplelru"

	"podium/internal/db"
	"podium/internal/wire"
)

// maxRecall is how many bytes the groups may take that a node remembers, of all companies together: some 30,000,000 memberships.
const maxRecall = 64 << 20

// recall is the members of the groups that searches asked for last. A group's row says how often its members have changed: so what is
// remembered is exact, whichever node changed it, and after a change of one group that one alone is read again. The zero value is ready for use.
type recall struct {
	mu     sync.Mutex
	groups *simplelru.LRU[int64, recalled]
	size   int // bytes
	max    int // 0: maxRecall
}

// recalled is the members of a group as they were after so many changes.
type recalled struct {
	turns   int64
	members packed
}

// get returns the members of those of the groups of whom the present ones are known, by number.
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

// put remembers the members of a group, in place of groups that were not asked for of late.
func (r *recall) put(g opposed, members packed) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.groups == nil {
		forgotten := func(_ int64, one recalled) { r.size -= one.members.size() }
		r.groups, _ = simplelru.NewLRU(math.MaxInt, forgotten) // the error is of sizes below 1
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

// complete reads the members of those of the groups that are not known, and remembers them. What a transaction reads that writes as well is not
// remembered: it may be undone.
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
