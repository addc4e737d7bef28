package inspector

import (
	"cmp"
	"maps"
	"slices"

	"podium/internal/auth"
	"podium/internal/op"
	"podium/internal/wire"
)

// usage is what the calls of an account have used since the node began to record.
type usage struct {
	calls       int64
	operations  map[string]bool
	rights      map[auth.Right]*use
	permissions map[auth.Permission]*use
	last        wire.Time
}

// use is how a right or a permission was used.
type use struct {
	calls      int64
	last       wire.Time
	operations map[string]bool
}

func (u *use) note(d *Detail) {
	u.calls++
	u.last = d.Timestamp
	u.operations[d.Operation] = true
}

// maxUsage is of how many accounts of a company the usage is kept. The one that called the longest
// ago makes room.
const maxUsage = 1000

// note adds a call to the usage of its user and of its application.
func (held *record) note(in op.Inspected, d *Detail) {
	if in.Operation == nil || d.Session == "" || in.Unmet {
		return
	}
	if d.User != 0 && d.Session != auth.OnBehalfSession {
		held.noteFor(account{user: d.User}, in, d)
	}
	if d.App != "" {
		held.noteFor(account{app: d.App}, in, d)
	}
}

func (held *record) noteFor(a account, in op.Inspected, d *Detail) {
	u := held.usage[a]
	if u == nil {
		if len(held.usage) >= maxUsage {
			delete(held.usage, slices.MinFunc(slices.Collect(maps.Keys(held.usage)), func(a, b account) int {
				return cmp.Compare(held.usage[a].last, held.usage[b].last)
			}))
		}
		u = &usage{operations: make(map[string]bool), rights: make(map[auth.Right]*use), permissions: make(map[auth.Permission]*use)}
		held.usage[a] = u
	}
	u.calls++
	u.last = d.Timestamp
	u.operations[d.Operation] = true
	for _, right := range in.Used {
		if u.rights[right] == nil {
			u.rights[right] = &use{operations: make(map[string]bool)}
		}
		u.rights[right].note(d)
	}
	if d.Session != auth.OnBehalfSession {
		return
	}
	for _, p := range in.Operation.Opens {
		if in.Caller.Permitted(p) {
			if u.permissions[p] == nil {
				u.permissions[p] = &use{operations: make(map[string]bool)}
			}
			u.permissions[p].note(d)
			return // one is enough
		}
	}
}

// Rights is which rights the calls of an account have used.
type Rights struct {
	Node       string        `json:"node"`
	Since      wire.Time     `json:"since" doc:"When the node began to record."`
	Calls      int64         `json:"calls" doc:"Those that reached an operation."`
	Operations []string      `json:"operations" doc:"Those that were called."`
	Used       []UsedRight   `json:"used" doc:"The rights by which the calls acted. Of an application, the permissions."`
	Unused     []string      `json:"unused" doc:"The rights, or the permissions, that the account has without having used them."`
	Roles      []UnusedRoles `json:"roles" doc:"Those of the account, with how much of each was used."`
}

// UsedRight is a right, or a permission, that was used.
type UsedRight struct {
	Name       string    `json:"name"`
	Calls      int64     `json:"calls"`
	Last       wire.Time `json:"lastUsed"`
	Operations []string  `json:"operations"`
}

// UnusedRoles is a role of an account.
type UnusedRoles struct {
	Role   auth.Role `json:"role"`
	Used   int       `json:"used" doc:"How many of its rights were used."`
	Rights int       `json:"rights" doc:"How many it gives."`
}

// report returns the usage of an account without what the account has.
func (r *Recorder) report(company wire.CompanyID, a account) Rights {
	out := Rights{Node: r.Node, Since: r.since, Operations: []string{}, Used: []UsedRight{}, Unused: []string{}, Roles: []UnusedRoles{}}
	r.mu.Lock()
	defer r.mu.Unlock()
	held := r.companies[company]
	if held == nil || held.usage[a] == nil {
		return out
	}
	u := held.usage[a]
	out.Calls = u.calls
	out.Operations = slices.Sorted(maps.Keys(u.operations))
	for right, one := range u.rights {
		out.Used = append(out.Used, one.named(string(right)))
	}
	for permission, one := range u.permissions {
		out.Used = append(out.Used, one.named(string(permission)))
	}
	slices.SortFunc(out.Used, func(a, b UsedRight) int { return cmp.Compare(a.Name, b.Name) })
	return out
}

func (u *use) named(name string) UsedRight {
	return UsedRight{Name: name, Calls: u.calls, Last: u.last, Operations: slices.Sorted(maps.Keys(u.operations))}
}

func (r *Rights) used(name string) bool {
	return slices.ContainsFunc(r.Used, func(u UsedRight) bool { return u.Name == name })
}
