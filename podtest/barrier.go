package podtest

import (
	"context"

	"podium/internal/auth"
	"podium/internal/db"
	"podium/internal/pod/barriers"
	"podium/internal/wire"
)

// Barrier is an information barrier of Acme, between the members of two groups.
type Barrier struct {
	Policy string
	Groups [2]string

	p *Pod
}

// Barrier creates two groups without members, and an active policy between them. The published
// operation, or KeepApart, adds members.
func (p *Pod) Barrier(name string) *Barrier {
	p.t.Helper()
	b := &Barrier{p: p}
	p.barriers(func(tx *db.Tx, caller auth.Caller) error {
		for i, side := range []string{"A", "B"} {
			g, err := p.Inner.Barriers.CreateGroup(tx, caller, name+" "+side)
			if err != nil {
				return err
			}
			b.Groups[i] = g.ID
		}
		policy, err := p.Inner.Barriers.CreatePolicy(tx, caller, barriers.Policy{Type: barriers.Block, Active: true, Groups: b.Groups[:]})
		b.Policy = policy.ID
		return err
	})
	return b
}

// KeepApart adds users to the first group, and then others to the second.
func (b *Barrier) KeepApart(one, other []*User) {
	b.p.t.Helper()
	for i, users := range [][]*User{one, other} {
		ids := make([]wire.UserID, len(users))
		for j, u := range users {
			ids[j] = wire.UserID(u.ID)
		}
		if len(ids) == 0 {
			continue
		}
		b.p.barriers(func(tx *db.Tx, caller auth.Caller) error {
			_, err := b.p.Inner.Barriers.Add(tx, caller, b.Groups[i], ids)
			return err
		})
	}
}

// SetActive activates or deactivates the policy.
func (b *Barrier) SetActive(active bool) {
	b.p.t.Helper()
	b.p.barriers(func(tx *db.Tx, caller auth.Caller) error {
		return b.p.Inner.Barriers.SetPolicyActive(tx, caller, b.Policy, active)
	})
}

func (p *Pod) barriers(fn func(tx *db.Tx, caller auth.Caller) error) {
	p.t.Helper()
	_, err := db.Write(context.Background(), p.Inner.DB, func(tx *db.Tx) (struct{}, error) {
		return struct{}{}, fn(tx, auth.Caller{Company: 190})
	})
	if err != nil {
		p.t.Fatal(err)
	}
}
