package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"reflect"
	"strings"
	"text/tabwriter"

	"github.com/alecthomas/kong"

	"podium/internal/db"
	"podium/internal/journal"
	"podium/internal/pod/companies"
	"podium/internal/pod/disclaimers"
	"podium/internal/wire"
)

type disclaimerCommand struct {
	Create disclaimerCreate `cmd:"" help:"Add a disclaimer to a company and print its id."`
	Update disclaimerUpdate `cmd:"" help:"Change a disclaimer. Flags that are not given change nothing."`
	List   disclaimerList   `cmd:"" help:"List a company's disclaimers."`
}

// disclaimerSettings is what the command line can set of a disclaimer; nil leaves it as it is.
type disclaimerSettings struct {
	Frequency *int32  `placeholder:"HOURS" help:"The hours after which it is shown again in a conversation. Default: 24."`
	Default   *bool   `negatable:"" help:"Whether it is for users who have none assigned, in place of the previous default. Default: no."`
	Active    *bool   `negatable:"" help:"Whether it may be assigned. Default: yes."`
	Format    *string `enum:"TEXT,XML" placeholder:"TEXT|XML" help:"The format of its text. Default: TEXT."`
}

func (s disclaimerSettings) apply(d *disclaimers.Disclaimer) {
	set(&d.Hours, s.Frequency)
	set(&d.Default, s.Default)
	set(&d.Active, s.Active)
	if s.Format != nil {
		d.Format = disclaimers.Format(*s.Format)
	}
}

type disclaimerCreate struct {
	storage
	Company wire.CompanyID `required:"" help:"The company's number."`
	Name    string         `required:"" help:"Its name."`
	Content string         `required:"" help:"Its text; @FILE reads it from the file." type:"text"`
	disclaimerSettings
}

// Run adds a disclaimer.
func (c *disclaimerCreate) Run(ctx context.Context) error {
	d := disclaimers.Disclaimer{
		Company: c.Company, Name: c.Name, Content: c.Content, Hours: 24, Active: true, Format: disclaimers.Text,
	}
	c.apply(&d)
	err := c.withDatabase(ctx, func(tx *db.Tx) error {
		_, err := companies.Find(tx, c.Company)
		if errors.Is(err, db.ErrNoRow) {
			return fmt.Errorf("there is no company %d: add it with `podium company create`", c.Company)
		}
		if err != nil {
			return err
		}
		d, err = disclaimers.Create(tx, &journal.Log{}, d)
		return err
	})
	if err == nil {
		fmt.Fprintln(os.Stdout, d.ID)
	}
	return err
}

type disclaimerUpdate struct {
	storage
	Company wire.CompanyID `required:"" help:"The company's number."`
	ID      string         `name:"id" required:"" help:"The disclaimer's id."`
	Name    *string        `help:"Its name."`
	Content *string        `help:"Its text; @FILE reads it from the file." type:"text"`
	disclaimerSettings
}

// Run changes a disclaimer.
func (c *disclaimerUpdate) Run(ctx context.Context) error {
	return c.withDatabase(ctx, func(tx *db.Tx) error {
		d, err := disclaimers.Find(tx, c.Company, c.ID)
		if errors.Is(err, db.ErrNoRow) {
			return fmt.Errorf("company %d has no disclaimer %s", c.Company, c.ID)
		}
		if err != nil {
			return err
		}
		set(&d.Name, c.Name)
		set(&d.Content, c.Content)
		c.apply(&d)
		return disclaimers.Update(tx, &journal.Log{}, d)
	})
}

type disclaimerList struct {
	storage
	Company wire.CompanyID `required:"" help:"The company's number."`
}

// Run lists the disclaimers.
func (c *disclaimerList) Run(ctx context.Context) error {
	var list []disclaimers.Disclaimer
	err := c.withDatabase(ctx, func(tx *db.Tx) (err error) {
		list, err = disclaimers.List(tx, c.Company)
		return err
	})
	if err != nil {
		return err
	}
	w := tabwriter.NewWriter(os.Stdout, 0, 4, 2, ' ', 0)
	fmt.Fprintln(w, "ID\tNAME\tEVERY\tDEFAULT\tACTIVE")
	for _, d := range list {
		fmt.Fprintf(w, "%s\t%s\t%dh\t%s\t%s\n", d.ID, d.Name, d.Hours, yesNo(d.Default), yesNo(d.Active))
	}
	return w.Flush()
}

func yesNo(b bool) string {
	if b {
		return "yes"
	}
	return "no"
}

// textMapper reads a text, or, behind @, the name of a file that holds it.
func textMapper(ctx *kong.DecodeContext, target reflect.Value) error {
	var text string
	if err := ctx.Scan.PopValueInto("text", &text); err != nil {
		return err
	}
	if name, ok := strings.CutPrefix(text, "@"); ok {
		data, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		text = strings.TrimRight(string(data), "\r\n")
	}
	if target.Kind() == reflect.Pointer {
		target.Set(reflect.ValueOf(&text))
		return nil
	}
	target.SetString(text)
	return nil
}
