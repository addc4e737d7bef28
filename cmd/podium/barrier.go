package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"
	"text/tabwriter"

	"podium/internal/auth"
	"podium/internal/db"
	"podium/internal/pod"
	"podium/internal/pod/accounts"
	"podium/internal/pod/barriers"
	"podium/internal/wire"
)

type barrierCommand struct {
	Group  barrierGroup  `cmd:"" help:"Groups of users."`
	Policy barrierPolicy `cmd:"" help:"Policies between groups."`
}

type barrierGroup struct {
	Create barrierGroupCreate `cmd:"" help:"Add a group to a company and print its id."`
	List   barrierGroupList   `cmd:"" help:"List a company's groups."`
	Rename barrierGroupRename `cmd:"" help:"Rename a group."`
	Delete barrierGroupDelete `cmd:"" help:"Remove a group that no policy names."`
	Add    barrierGroupAdd    `cmd:"" help:"Put users into a group."`
	Remove barrierGroupRemove `cmd:"" help:"Remove users from a group, disabled ones too."`
}

// ofCompany is the settings of a command that changes one company's barriers.
type ofCompany struct {
	storage
	Company wire.CompanyID `required:"" help:"The company's number."`
}

// change runs fn in one transaction, without a user as its actor.
func (c ofCompany) change(ctx context.Context, fn func(tx *db.Tx, s *barriers.Service, caller auth.Caller) error) error {
	return c.withCompany(ctx, c.Company, func(p *pod.Pod) error {
		_, err := db.Write(ctx, p.DB, func(tx *db.Tx) (struct{}, error) {
			return struct{}{}, fn(tx, p.Barriers, auth.Caller{Company: c.Company})
		})
		return err
	})
}

type barrierGroupCreate struct {
	ofCompany
	Name string `required:"" help:"Its name, unique in the company."`
}

// Run adds a group.
func (c *barrierGroupCreate) Run(ctx context.Context) error {
	var made barriers.Group
	err := c.change(ctx, func(tx *db.Tx, s *barriers.Service, caller auth.Caller) (err error) {
		made, err = s.CreateGroup(tx, caller, c.Name)
		return err
	})
	if err == nil {
		fmt.Fprintln(os.Stdout, made.ID)
	}
	return err
}

type barrierGroupList struct{ ofCompany }

// Run lists the groups.
func (c *barrierGroupList) Run(ctx context.Context) error {
	var list []barriers.Group
	err := c.change(ctx, func(tx *db.Tx, _ *barriers.Service, _ auth.Caller) (err error) {
		list, err = barriers.Groups(tx, c.Company)
		return err
	})
	if err != nil {
		return err
	}
	w := tabwriter.NewWriter(os.Stdout, 0, 4, 2, ' ', 0)
	fmt.Fprintln(w, "ID\tNAME\tMEMBERS\tPOLICIES")
	for _, g := range list {
		fmt.Fprintf(w, "%s\t%s\t%d\t%s\n", g.ID, g.Name, g.Members, strings.Join(g.Policies, " "))
	}
	return w.Flush()
}

type barrierGroupRename struct {
	ofCompany
	ID   string `name:"id" required:"" help:"The group's id."`
	Name string `required:"" help:"Its new name."`
}

// Run renames a group.
func (c *barrierGroupRename) Run(ctx context.Context) error {
	return c.change(ctx, func(tx *db.Tx, s *barriers.Service, caller auth.Caller) error {
		return s.RenameGroup(tx, caller, c.ID, c.Name)
	})
}

type barrierGroupDelete struct {
	ofCompany
	ID string `name:"id" required:"" help:"The group's id."`
}

// Run removes a group.
func (c *barrierGroupDelete) Run(ctx context.Context) error {
	return c.change(ctx, func(tx *db.Tx, s *barriers.Service, caller auth.Caller) error { return s.DeleteGroup(tx, caller, c.ID) })
}

// barrierMembers is users who are to come into a group or to leave it.
type barrierMembers struct {
	ofCompany
	ID    string   `name:"id" required:"" help:"The group's id."`
	Users []string `arg:"" name:"user" help:"User names, or ids."`
}

type barrierGroupAdd struct{ barrierMembers }

// Run puts users into a group: all of them, or none.
func (c *barrierGroupAdd) Run(ctx context.Context) error {
	return c.move(ctx, func(tx *db.Tx, s *barriers.Service, caller auth.Caller, ids []wire.UserID) (barriers.Result, error) {
		return s.Add(tx, caller, c.ID, ids)
	})
}

type barrierGroupRemove struct{ barrierMembers }

// Run removes users from a group: all of them, or none.
func (c *barrierGroupRemove) Run(ctx context.Context) error {
	return c.move(ctx, func(tx *db.Tx, s *barriers.Service, caller auth.Caller, ids []wire.UserID) (barriers.Result, error) {
		return s.Remove(tx, caller, c.ID, ids)
	})
}

func (c barrierMembers) move(ctx context.Context, how func(*db.Tx, *barriers.Service, auth.Caller, []wire.UserID) (barriers.Result, error)) error {
	return c.change(ctx, func(tx *db.Tx, s *barriers.Service, caller auth.Caller) error {
		ids := make([]wire.UserID, len(c.Users))
		for i, name := range c.Users {
			u, err := accounts.ByUsername(tx, c.Company, name)
			if errors.Is(err, db.ErrNoRow) {
				n, wrong := strconv.ParseInt(name, 10, 64)
				if wrong != nil {
					return fmt.Errorf("company %d has no user %s", c.Company, name)
				}
				u.ID, err = wire.UserID(n), nil
			}
			if err != nil {
				return err
			}
			ids[i] = u.ID
		}
		r, err := how(tx, s, caller, ids)
		if err != nil {
			return err
		}
		var wrong []error
		for i, reason := range r.Results {
			if reason != "" {
				wrong = append(wrong, fmt.Errorf("%s: %s", c.Users[i], reason))
			}
		}
		return errors.Join(wrong...)
	})
}
