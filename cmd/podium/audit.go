package main

import (
	"bufio"
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"slices"
	"time"

	"podium/internal/db"
	"podium/internal/jose"
	"podium/internal/journal/seal"
	"podium/internal/pod/companies"
	"podium/internal/private"
	"podium/internal/wire"
)

type auditCommand struct {
	Verify     auditVerify     `cmd:"" help:"Verify the chain of sealed facts, and name the first row that was altered, removed, moved or inserted."`
	Export     auditExport     `cmd:"" help:"Write the sealed facts as JSON Lines, continuing behind the end of the file."`
	Repair     auditRepair     `cmd:"" help:"Find facts that were passed over when the log was sealed, and move them behind all sealed facts."`
	Checkpoint auditCheckpoint `cmd:"" help:"Print the newest signed checkpoint. Keep it elsewhere."`
}

type auditVerify struct {
	storage
	Company     wire.CompanyID `help:"The company's number. Default: every company."`
	Anchor      []string       `type:"existingfile" placeholder:"FILE" help:"Checkpoints kept elsewhere, or an export. Only they show that the end was cut off."`
	Certificate []byte         `type:"filecontent" placeholder:"FILE" help:"The pod certificate, kept elsewhere. Default: the one in the database."`
}

// Run walks the chains. It needs no running pod, and does not mind one.
func (c *auditVerify) Run(ctx context.Context) error {
	var anchors []seal.Checkpoint
	for _, file := range c.Anchor {
		if err := eachLine(file, func(line []byte) error { return addAnchor(&anchors, line) }); err != nil {
			return fmt.Errorf("%s: %w", file, err)
		}
	}
	return c.withCompanies(ctx, c.Company, func(d *db.DB, m *companies.Member) error {
		keys := seal.Keys(m.PublicKeys)
		if c.Certificate != nil {
			key, err := jose.CertificateKey(string(c.Certificate))
			if err != nil {
				return fmt.Errorf("certificate: %w", err)
			}
			keys = seal.Keys{jose.Thumbprint(key): key}
		}
		own := slices.DeleteFunc(slices.Clone(anchors), func(a seal.Checkpoint) bool { return a.Company != m.ID })
		if c.Company != 0 && len(anchors) > 0 && len(own) == 0 {
			return fmt.Errorf("no checkpoint given as an anchor is of company %d", m.ID)
		}
		began := time.Now()
		r, err := db.Read(ctx, d, func(tx *db.Tx) (seal.Report, error) { return seal.Verify(tx, m.ID, keys, own) })
		if err != nil {
			return fmt.Errorf("company %d: %w", m.ID, err)
		}
		fmt.Printf("company %d: %d facts sealed and whole, %d not sealed yet, %d checkpoints, %d anchors; %.0f facts/s; newest %s\n",
			m.ID, r.Sealed, r.Unsealed, r.Checkpoints, len(own), float64(r.Sealed)/time.Since(began).Seconds(), r.Newest)
		return nil
	})
}

// addAnchor takes a checkpoint from a line of its own or of an export.
func addAnchor(anchors *[]seal.Checkpoint, line []byte) error {
	var of struct {
		Kind       string          `json:"kind"`
		Checkpoint json.RawMessage `json:"checkpoint"`
	}
	if err := json.Unmarshal(line, &of); err != nil {
		return errors.New("a line is neither a checkpoint nor one of an export")
	}
	if of.Kind != "" {
		return nil // a fact
	}
	if of.Checkpoint != nil {
		line = of.Checkpoint
	}
	anchor, err := seal.ParseCheckpoint(line)
	*anchors = append(*anchors, anchor)
	return err
}

type auditCheckpoint struct {
	storage
	Company wire.CompanyID `help:"The company's number. Default: every company."`
}

// Run prints checkpoints, a line a company.
func (c *auditCheckpoint) Run(ctx context.Context) error {
	return c.withCompanies(ctx, c.Company, func(d *db.DB, m *companies.Member) error {
		newest, err := db.Read(ctx, d, func(tx *db.Tx) (seal.Checkpoint, error) { return seal.Newest(tx, m.ID) })
		if errors.Is(err, db.ErrNoRow) {
			return fmt.Errorf("nothing of company %d has been sealed yet", m.ID)
		}
		if err == nil {
			fmt.Println(newest)
		}
		return err
	})
}

type auditExport struct {
	storage
	Company wire.CompanyID `help:"The company's number. Default: the only company."`
	File    string         `type:"path" placeholder:"FILE" xor:"to" help:"The file to write. An export in it is continued. Default: standard output."`
	From    *int64         `xor:"to" placeholder:"NUMBER" help:"The number of the first fact, for standard output. Default: 1."`
}

// Validate names the setting that cannot be.
func (c *auditExport) Validate() error {
	if c.From != nil && *c.From < 1 {
		return errors.New("from: facts are numbered from 1")
	}
	return c.storage.Validate()
}

// exportPage is how many facts are written at once.
const exportPage = 1000

// Run writes what has been sealed so far.
func (c *auditExport) Run(ctx context.Context) error {
	exported := false
	return c.withCompanies(ctx, c.Company, func(d *db.DB, m *companies.Member) error {
		if exported {
			return errors.New("there are several companies: name one with --company")
		}
		exported = true
		out, from := os.Stdout, seal.Place{}
		if c.From != nil {
			from = seal.Place{Number: *c.From - 1, Checkpoint: *c.From - 1}
		}
		if c.File != "" {
			var err error
			if out, from, err = resume(c.File, stderrLog(c.logging)); err != nil {
				return fmt.Errorf("%s: %w", c.File, err)
			}
			defer out.Close()
		}
		for {
			at, err := db.Read(ctx, d, func(tx *db.Tx) (next page, err error) {
				next.place, err = seal.Export(tx, &next.text, m.ID, from, exportPage)
				return next, err
			})
			if err != nil {
				return err
			}
			if _, err := out.Write(at.text.Bytes()); err != nil {
				return err
			}
			if at.place == from {
				break
			}
			from = at.place
		}
		if c.File == "" {
			return nil
		}
		return out.Sync()
	})
}

// page is a part of an export.
type page struct {
	text  bytes.Buffer
	place seal.Place
}

// resume opens a file to go on behind its last whole line, and tells where that is. Half a line, of
// an export that was killed, is cut off.
func resume(file string, log *slog.Logger) (*os.File, seal.Place, error) {
	var place seal.Place
	out, err := private.Open(file, log)
	if err != nil {
		return nil, place, err
	}
	whole := int64(0)
	err = lines(out, func(line []byte) error {
		whole += int64(len(line)) + 1
		return place.Resume(line)
	})
	if err == nil {
		err = out.Truncate(whole)
	}
	if err == nil {
		_, err = out.Seek(whole, 0)
	}
	if err != nil {
		out.Close()
		return nil, place, err
	}
	return out, place, nil
}

// eachLine calls fn for every line of a file that is not empty.
func eachLine(file string, fn func(line []byte) error) error {
	in, err := os.Open(file)
	if err != nil {
		return err
	}
	defer in.Close()
	return lines(in, func(line []byte) error {
		if len(bytes.TrimSpace(line)) == 0 {
			return nil
		}
		return fn(line)
	})
}

// lines calls fn for every whole line.
func lines(in *os.File, fn func(line []byte) error) error {
	reader := bufio.NewReaderSize(in, 1<<20)
	for {
		line, err := reader.ReadBytes('\n')
		if err != nil {
			return nil // what has no end is half a line
		}
		if err := fn(line[:len(line)-1]); err != nil {
			return err
		}
	}
}

// withCompanies opens the database and calls fn for a company, or, for 0, for every one.
func (s storage) withCompanies(ctx context.Context, id wire.CompanyID, fn func(*db.DB, *companies.Member) error) error {
	log := stderrLog(s.logging)
	d, err := db.Open(ctx, s.config(log))
	if err != nil {
		return err
	}
	defer d.Close()
	directory, err := companies.Load(ctx, d, log)
	if err != nil {
		return err
	}
	all := directory.All()
	if id != 0 {
		all = slices.DeleteFunc(all, func(m *companies.Member) bool { return m.ID != id })
	}
	if len(all) == 0 {
		return errors.New("there is no such company")
	}
	slices.SortFunc(all, func(a, b *companies.Member) int { return cmp.Compare(a.ID, b.ID) })
	for _, m := range all {
		if err := fn(d, m); err != nil {
			return err
		}
	}
	return nil
}
