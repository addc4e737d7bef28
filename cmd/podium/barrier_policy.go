package main

import (
	"context"
	"fmt"
	"os"
	"strings"
	"text/tabwriter"

	"podium/internal/auth"
	"podium/internal/db"
	"podium/internal/pod/barriers"
)

type barrierPolicy struct {
	Create     barrierPolicyCreate     `cmd:"" help:"Add a policy to a company and print its id."`
	List       barrierPolicyList       `cmd:"" help:"List a company's policies."`
	Activate   barrierPolicyActivate   `cmd:"" help:"Activate a policy: it separates users at once."`
	Deactivate barrierPolicyDeactivate `cmd:"" help:"Deactivate a policy: it separates no users."`
	Delete     barrierPolicyDelete     `cmd:"" help:"Remove a policy."`
}

type barrierPolicyCreate struct {
	ofCompany
	Group  []string            `required:"" placeholder:"ID" help:"The id of a group; give at least two."`
	Type   barriers.PolicyType `enum:"BLOCK,ALLOW" default:"BLOCK" help:"BLOCK separates the members of different groups; ALLOW separates no users."`
	Active bool                `negatable:"" default:"true" help:"Whether it is active at once."`
}

// Run adds a policy.
func (c *barrierPolicyCreate) Run(ctx context.Context) error {
	made := barriers.Policy{Type: c.Type, Active: c.Active, Groups: c.Group}
	err := c.change(ctx, func(tx *db.Tx, s *barriers.Service, caller auth.Caller) (err error) {
		made, err = s.CreatePolicy(tx, caller, made)
		return err
	})
	if err == nil {
		fmt.Fprintln(os.Stdout, made.ID)
	}
	return err
}

type barrierPolicyList struct{ ofCompany }

// Run lists the policies.
func (c *barrierPolicyList) Run(ctx context.Context) error {
	var list []barriers.Policy
	err := c.change(ctx, func(tx *db.Tx, _ *barriers.Service, _ auth.Caller) (err error) {
		list, err = barriers.Policies(tx, c.Company)
		return err
	})
	if err != nil {
		return err
	}
	w := tabwriter.NewWriter(os.Stdout, 0, 4, 2, ' ', 0)
	fmt.Fprintln(w, "ID\tTYPE\tACTIVE\tGROUPS")
	for _, p := range list {
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\n", p.ID, p.Type, yesNo(p.Active), strings.Join(p.Groups, " "))
	}
	return w.Flush()
}

// onePolicy names a policy.
type onePolicy struct {
	ofCompany
	ID string `name:"id" required:"" help:"The policy's id."`
}

func (c onePolicy) setActive(ctx context.Context, active bool) error {
	return c.change(ctx, func(tx *db.Tx, s *barriers.Service, caller auth.Caller) error {
		return s.SetPolicyActive(tx, caller, c.ID, active)
	})
}

type barrierPolicyActivate struct{ onePolicy }

// Run switches a policy on.
func (c *barrierPolicyActivate) Run(ctx context.Context) error { return c.setActive(ctx, true) }

type barrierPolicyDeactivate struct{ onePolicy }

// Run switches a policy off.
func (c *barrierPolicyDeactivate) Run(ctx context.Context) error { return c.setActive(ctx, false) }

type barrierPolicyDelete struct{ onePolicy }

// Run removes a policy.
func (c *barrierPolicyDelete) Run(ctx context.Context) error {
	return c.change(ctx, func(tx *db.Tx, s *barriers.Service, caller auth.Caller) error {
		return s.DeletePolicy(tx, caller, c.ID)
	})
}
