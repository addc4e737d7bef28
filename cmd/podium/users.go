package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"podium/internal/db"
	"podium/internal/notify"
	"podium/internal/pod"
	"podium/internal/pod/accounts/bulk"
	"podium/internal/pod/companies"
	"podium/internal/private"
	"podium/internal/wire"
)

type usersCommand struct {
	Import usersImport `cmd:"" help:"Create accounts from a CSV or JSON Lines file, with a verdict on each row. An interrupted import continues where it stopped."`
	Export usersExport `cmd:"" help:"Write a company's accounts into a CSV or JSON Lines file that an import can read."`
}

// withCompany opens the pod that the settings name, and finds one of its companies.
func (s storage) withCompany(ctx context.Context, id wire.CompanyID, fn func(p *pod.Pod) error) error {
	log := stderrLog(s.logging)
	d, err := db.Open(ctx, s.config(log))
	if err != nil {
		return err
	}
	defer d.Close()
	_, err = db.Read(ctx, d, func(tx *db.Tx) (companies.Company, error) { return companies.Find(tx, id) })
	if errors.Is(err, db.ErrNoRow) {
		return fmt.Errorf("there is no company %d: see `podium company list`", id)
	}
	if err != nil {
		return err
	}
	p, err := pod.New(ctx, pod.Config{DB: d, Log: log, Notify: notify.NewLocal()})
	if err != nil {
		return err
	}
	return fn(p)
}

// formatOf returns the format that a file's name tells, unless it was given.
func formatOf(given, file string) (bulk.Format, error) {
	switch name := strings.ToLower(file); {
	case given != "":
		return bulk.Format(given), nil
	case strings.HasSuffix(name, ".csv"), strings.HasSuffix(name, ".tsv"), strings.HasSuffix(name, ".txt"):
		return bulk.CSV, nil
	case strings.HasSuffix(name, ".jsonl"), strings.HasSuffix(name, ".ndjson"):
		return bulk.JSONL, nil
	}
	return "", errors.New("the file's name does not show its format: add --format csv or --format jsonl")
}

type usersExport struct {
	storage
	Company wire.CompanyID `required:"" help:"The company's number."`
	Output  string         `short:"o" placeholder:"FILE" help:"The file to write. Default: standard output."`
	Format  string         `enum:",csv,jsonl" default:"" help:"The format: csv or jsonl. Default: by the file's name, else csv."`
}

// Run writes the accounts in the order of their ids.
func (c *usersExport) Run(ctx context.Context) error {
	format := bulk.Format(c.Format)
	if c.Output == "" && c.Format == "" {
		format = bulk.CSV
	} else if c.Output != "" {
		var err error
		if format, err = formatOf(c.Format, c.Output); err != nil {
			return err
		}
	}
	return c.withCompany(ctx, c.Company, func(p *pod.Pod) error {
		if c.Output == "" {
			return bulk.Export(ctx, p.DB, c.Company, os.Stdout, format)
		}
		return private.Write(c.Output, stderrLog(c.logging), func(w io.Writer) error { return bulk.Export(ctx, p.DB, c.Company, w, format) })
	})
}
