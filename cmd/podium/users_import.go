package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"

	"podium/internal/pod"
	"podium/internal/pod/accounts/bulk"
	"podium/internal/wire"
)

type usersImport struct {
	storage
	File     string         `arg:"" type:"existingfile" help:"The file. A CSV file has a header; columns are matched by name. UTF-8, UTF-16 and Windows-1252 are recognised."`
	Company  wire.CompanyID `required:"" help:"The company's number."`
	DryRun   bool           `help:"Judge every row and create nothing."`
	Result   string         `type:"path" placeholder:"FILE" help:"The file for the verdicts, as CSV. Default: the file's name with .result.csv or .dry-run.csv."`
	Format   string         `enum:",csv,jsonl" default:"" help:"The format: csv or jsonl. Default: by its name."`
	Encoding string         `enum:",UTF-8,UTF-16LE,UTF-16BE,Windows-1252" default:"" help:"The encoding of its characters. Default: detected."`
}

// Run imports the file. It fails when a row was refused.
func (c *usersImport) Run(ctx context.Context) error {
	format, err := formatOf(c.Format, c.File)
	if err != nil {
		return err
	}
	file, err := os.Open(c.File)
	if err != nil {
		return err
	}
	defer file.Close()
	digest, err := digestOf(file)
	if err != nil {
		return err
	}
	source, bar, err := c.open(file, format)
	if err != nil {
		return fmt.Errorf("%s: %w", c.File, err)
	}
	results, err := openResults(c.resultFile(), c.DryRun, stderrLog(c.logging))
	if err != nil {
		return err
	}
	defer results.close()
	c.cache = bulk.Cache
	err = c.withCompany(ctx, c.Company, func(p *pod.Pod) error {
		i := bulk.Import{
			DB: p.DB, Accounts: p.Accounts, Company: c.Company, Digest: digest, Name: filepath.Base(c.File), Source: source,
			DryRun: c.DryRun, Resumed: results.resume, Verdicts: results.add,
		}
		return i.Run(ctx)
	})
	bar.Exit()
	fmt.Fprintf(os.Stderr, "%s; verdicts in %s\n", results.summary(), results.name)
	if err == nil && results.counts[bulk.Refused] > 0 {
		err = fmt.Errorf("%d rows were refused", results.counts[bulk.Refused])
	}
	return err
}

func (c *usersImport) resultFile() string {
	switch {
	case c.Result != "":
		return c.Result
	case c.DryRun:
		return c.File + ".dry-run.csv"
	}
	return c.File + ".result.csv"
}

// open begins to read the file, and shows its progress on a terminal.
func (c *usersImport) open(file *os.File, format bulk.Format) (bulk.Source, *progressbar.ProgressBar, error) {
	encoding := bulk.Encoding(c.Encoding)
	if encoding == "" {
		var err error
		if encoding, err = bulk.Recognise(file); err != nil {
			return nil, nil, err
		}
	}
	info, err := file.Stat()
	if err != nil {
		return nil, nil, err
	}
	bar := progressbar.NewOptions64(info.Size(),
		progressbar.OptionSetWriter(os.Stderr), progressbar.OptionShowBytes(true), progressbar.OptionSetDescription("importing"),
		progressbar.OptionSetVisibility(term.IsTerminal(int(os.Stderr.Fd()))), progressbar.OptionClearOnFinish(),
	)
	text, err := bulk.Text(watched{file, bar}, encoding)
	if err != nil {
		return nil, nil, err
	}
	if format == bulk.JSONL {
		return bulk.NewJSONL(text), bar, nil
	}
	source, err := bulk.NewCSV(text)
	return source, bar, err
}

// watched is a file that shows how far it is read.
type watched struct {
	*os.File
	bar *progressbar.ProgressBar
}

func (w watched) Read(p []byte) (int, error) {
	n, err := w.File.Read(p)
	_ = w.bar.Add(n) // a bar that cannot be drawn is no reason to stop
	return n, err
}

// digestOf returns the file from every other.
func digestOf(file *os.File) (string, error) {
	h := sha256.New()
	if _, err := io.Copy(h, file); err != nil {
		return "", err
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}
