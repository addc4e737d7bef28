package main

import (
	"context"
	"errors"
	"fmt"

	"podium/internal/db"
	"podium/internal/journal"
	"podium/internal/journal/seal"
	"podium/internal/pod/companies"
	"podium/internal/pod/presence"
	"podium/internal/wire"
)

type auditRepair struct {
	storage
	Company     wire.CompanyID `help:"The company's number. Default: every company."`
	DryRun      bool           `help:"List the facts that were passed over, and change nothing. Exit code 1 if there are any."`
	Unexplained bool           `help:"Also move facts that were not written by the transaction that their place names. They may have been inserted by hand."`
}

// Run lets facts in that lie between sealed ones and have no seal, each company by itself. It does
// not mind a running pod. What was altered or removed is not for it to mend.
func (c *auditRepair) Run(ctx context.Context) error {
	left := false
	err := c.withCompanies(ctx, c.Company, func(d *db.DB, m *companies.Member) error {
		found, err := db.Read(ctx, d, func(tx *db.Tx) ([]seal.PassedOver, error) {
			return seal.FindPassedOver(tx, m.ID, seal.Keys(m.PublicKeys))
		})
		if err != nil {
			return fmt.Errorf("company %d: %w", m.ID, err)
		}
		var let []seal.PassedOver
		for _, f := range found {
			what := "written by the transaction that its place names"
			if !f.Explained {
				what = "not known to be written by the transaction that its place names: inserted, or restored from a dump"
			}
			fmt.Printf("company %d: position %d, seq %d, %s, at %s by %d: passed over; %s\n", m.ID, f.Position, f.Seq, f.Kind, f.At.Std().Format("2006-01-02T15:04:05Z"), f.Actor, what)
			if f.Explained || c.Unexplained {
				let = append(let, f)
			}
		}
		left = left || len(found) > len(let) || c.DryRun && len(found) > 0
		if len(let) == 0 || c.DryRun {
			fmt.Printf("company %d: %d facts were passed over, nothing was changed\n", m.ID, len(found))
			return nil
		}
		if err := seal.LetIn(ctx, d, &journal.Log{}, m.ID, let); err != nil {
			return fmt.Errorf("company %d: %w", m.ID, err)
		}
		told, err := db.Write(ctx, d, func(tx *db.Tx) (int64, error) { return presence.Retell(tx, m.ID) })
		if err != nil {
			return fmt.Errorf("company %d: %w", m.ID, err)
		}
		fmt.Printf("company %d: %d of %d facts that were passed over are now behind all sealed facts, and a fact log.repaired names them; feeds get the presence of %d users again\n",
			m.ID, len(let), len(found), told)
		return nil
	})
	if err == nil && left {
		err = errors.New("some facts that were passed over were not moved")
	}
	return err
}
