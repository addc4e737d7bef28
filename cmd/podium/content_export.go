package main

import (
	"context"
	"fmt"
	"os"
	"time"

	"podium/internal/db"
	"podium/internal/journal"
	"podium/internal/pod/contentexport"
	"podium/internal/wire"
)

type contentExportCommand struct {
	Run contentExportRun `cmd:"" help:"Export what was said in a time into files. A running pod makes them within a minute."`
}

type contentExportRun struct {
	storage
	Company wire.CompanyID `required:"" help:"The company's number."`
	From    time.Time      `required:"" placeholder:"TIME" help:"When the time begins, such as 2026-11-01T00:00:00Z."`
	To      time.Time      `required:"" placeholder:"TIME" help:"When the time ends. It is not after now."`
}

// Run requests an export and prints the id of its job.
func (c *contentExportRun) Run(ctx context.Context) error {
	id := ""
	err := c.withDatabase(ctx, func(tx *db.Tx) (err error) {
		id, err = contentexport.Request(tx, &journal.Log{}, c.Company, wire.TimeOf(c.From), wire.TimeOf(c.To))
		return err
	})
	if err == nil {
		fmt.Fprintln(os.Stdout, id)
	}
	return err
}
