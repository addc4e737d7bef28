package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"strings"
	"time"

	"podium/internal/backup"
	"podium/internal/blob"
	"podium/internal/db"
	"podium/internal/journal/seal"
	"podium/internal/pod/companies"
	"podium/internal/private"
)

type backupCommand struct {
	storage
	fileStorage
	To      string `arg:"" name:"file" type:"path" help:"The file to write. It gets its name when it is complete."`
	Replace bool   `help:"Replace the file if it is there."`
	contentsBeside
	brokenLog
}

// contentsBeside is where the contents of files are in a backup.
type contentsBeside struct {
	Files string `placeholder:"FOLDER" help:"The folder with the files of messages, which several backups may share. Default: the name of the backup, with .files at its end."`
}

// folder returns the folder beside a backup.
func (c contentsBeside) folder(backup string, log *slog.Logger) (blob.Store, error) {
	if c.Files == "" {
		return blob.OpenFolder(backup+".files", log)
	}
	return blob.OpenFolder(c.Files, log)
}

// bytesOf returns a function that reports, every two seconds, how many bytes of files are copied.
func bytesOf(list []backup.Content) func(done int64) {
	all := int64(0)
	for _, c := range list {
		all += c.Size
	}
	last := time.Now()
	return func(done int64) {
		if time.Since(last) > 2*time.Second {
			last = time.Now()
			fmt.Fprintf(os.Stderr, "%d MB of files copied, %d%%\n", done>>20, 100*done/max(all, 1))
		}
	}
}

// brokenLog lets a backup hold what is left of a pod whose log is broken.
type brokenLog struct {
	Despite bool `name:"despite-broken-log" help:"Go on although the chain of the log is broken, and report where."`
}

// Validate names the settings that cannot be.
func (c *backupCommand) Validate() error {
	return errors.Join(c.storage.Validate(), c.fileStorage.Validate())
}

// Run writes all that the pod holds, as it is at one moment, into a file, and looks at the file.
// The pod goes on meanwhile.
func (c *backupCommand) Run(ctx context.Context) error {
	log := stderrLog(c.logging)
	if _, err := os.Lstat(c.To); err == nil && !c.Replace {
		return fmt.Errorf("%s exists: name another file, or add --replace", c.To)
	}
	part, err := private.Begin(c.To, log)
	if err != nil {
		return err
	}
	trailer, contents, err := c.write(ctx, part, log)
	if err == nil {
		err = c.copyFiles(ctx, contents, log)
	}
	if err != nil {
		return errors.Join(err, part.Drop())
	}
	if err := part.Keep(); err != nil {
		return err
	}
	said("backed up and verified", trailer, c.To)
	return nil
}

// copyFiles copies the contents of files. Contents that messages name are not deleted while the pod
// runs.
func (c *backupCommand) copyFiles(ctx context.Context, contents []backup.Content, log *slog.Logger) error {
	if len(contents) == 0 {
		return nil
	}
	from, err := c.open(ctx, log)
	if err != nil {
		return err
	}
	to, err := c.folder(c.To, log)
	if err != nil {
		return err
	}
	return backup.CopyContents(ctx, contents, from, to, bytesOf(contents))
}

func (c *backupCommand) write(ctx context.Context, part *private.Part, log *slog.Logger) (trailer backup.Trailer, contents []backup.Content, err error) {
	d, err := db.Open(ctx, c.config(log))
	if err != nil {
		return trailer, nil, err
	}
	defer d.Close()
	directory, err := companies.Load(ctx, d, log)
	if err != nil {
		return trailer, nil, err
	}
	trailer, err = db.Read(db.Unhurried(ctx), d, func(tx *db.Tx) (backup.Trailer, error) {
		if err := errors.Join(part.Truncate(0), rewind(part.File)); err != nil { // it may run again
			return backup.Trailer{}, err
		}
		trailer, err := backup.Write(tx, part, time.Now(), progress("written"))
		if err == nil {
			err = c.verify(tx, directory)
		}
		if err == nil {
			contents, err = backup.Contents(tx)
		}
		return trailer, err
	})
	if err != nil {
		return trailer, nil, err
	}
	_, err = check(part.File)
	return trailer, contents, err
}

func rewind(file *os.File) error { _, err := file.Seek(0, io.SeekStart); return err }

// check reads a file from its beginning to its end. It returns how many rows the file holds.
func check(file *os.File) (rows int64, err error) {
	r, err := backup.Open(file)
	if err != nil {
		return 0, err
	}
	err = r.Each(func(db.Table) error { return nil }, func([]any) error { rows++; return nil })
	return rows, err
}

// verify walks the chain of each company. With --despite-broken-log it reports a broken chain and
// goes on.
func (b brokenLog) verify(tx *db.Tx, directory *companies.Directory) error {
	for _, m := range directory.All() {
		_, err := seal.Verify(tx, m.ID, seal.Keys(m.PublicKeys), nil)
		var broken *seal.Broken
		switch {
		case errors.As(err, &broken) && b.Despite:
			fmt.Fprintf(os.Stderr, "the log of company %d is broken: %v\n", m.ID, err)
		case errors.As(err, &broken):
			return fmt.Errorf("the log of company %d is broken, see `podium audit verify`; --despite-broken-log goes on all the same: %w", m.ID, err)
		case err != nil:
			return err
		}
	}
	return nil
}

// progress returns a function that reports, every two seconds, how many rows of all are done.
func progress(what string) func(rows, all int64) {
	last := time.Now()
	return func(rows, all int64) {
		if time.Since(last) > 2*time.Second {
			last = time.Now()
			fmt.Fprintf(os.Stderr, "%d rows %s, %d%%\n", rows, what, 100*rows/max(all, 1))
		}
	}
}

func said(what string, t backup.Trailer, file string) {
	rows := int64(0)
	for _, s := range t.Tables {
		rows += s.Rows
	}
	fmt.Fprintf(os.Stderr, "%d rows of %d tables %s: %s\n", rows, len(t.Tables), what, file)
}

type restoreCommand struct {
	storage
	fileStorage
	From  string `arg:"" name:"file" type:"existingfile" help:"The backup."`
	Check bool   `help:"Only check that the file is a whole backup."`
	contentsBeside
	brokenLog
}

// Validate names the settings that cannot be.
func (c *restoreCommand) Validate() error {
	return errors.Join(c.storage.Validate(), c.fileStorage.Validate())
}

// Run writes a backup into a database that is empty or not there yet. A database that is not
// restored whole is not there, or empty.
func (c *restoreCommand) Run(ctx context.Context) error {
	log := stderrLog(c.logging)
	file, err := os.Open(c.From)
	if err != nil {
		return err
	}
	defer file.Close()
	rows, err := check(file)
	if err != nil {
		return fmt.Errorf("%s: %w", c.From, err)
	}
	if err := c.restoreFiles(ctx, file, log); err != nil {
		return fmt.Errorf("%s: %w", c.From, err)
	}
	if c.Check {
		fmt.Fprintf(os.Stderr, "%s is a whole backup\n", c.From)
		return nil
	}
	r, err := backup.Open(file)
	if err != nil {
		return err
	}
	if isPostgres(c.Database) {
		return c.into(ctx, file, r.Header.Version, rows, c.config(log), log)
	}
	path := strings.TrimPrefix(c.Database, "sqlite:")
	for _, other := range []string{path, path + "-wal", path + "-shm", path + "-journal"} {
		if _, err := os.Lstat(other); !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("%s exists: a backup is restored into a file that does not exist", other)
		}
	}
	part, err := private.Begin(path, log)
	if err != nil {
		return err
	}
	beside := func() error {
		var errs []error
		for _, suffix := range []string{"-wal", "-shm", "-journal"} {
			if err := os.Remove(part.Name() + suffix); !errors.Is(err, fs.ErrNotExist) {
				errs = append(errs, err)
			}
		}
		return errors.Join(errs...)
	}
	config := c.config(log)
	config.URL = "sqlite:" + part.Name()
	if err := beside(); err == nil { // of one that was killed
		err = c.into(ctx, file, r.Header.Version, rows, config, log)
		if err != nil {
			return errors.Join(err, beside(), part.Drop())
		}
	} else {
		return errors.Join(err, part.Drop())
	}
	return part.KeepNew()
}

// restoreFiles copies the contents of files into the blob store, before the database names them.
// With --check it only verifies them.
func (c *restoreCommand) restoreFiles(ctx context.Context, file *os.File, log *slog.Logger) error {
	r, err := backup.Open(file)
	if err != nil {
		return err
	}
	contents, err := r.Contents()
	if err != nil || len(contents) == 0 {
		return err
	}
	from, err := c.folder(c.From, log)
	if err != nil {
		return err
	}
	if c.Check {
		return backup.VerifyContents(ctx, contents, from)
	}
	to, err := c.open(ctx, log)
	if err != nil {
		return err
	}
	return backup.CopyContents(ctx, contents, from, to, bytesOf(contents))
}

// into restores into a database that is empty, in one transaction, and brings its tables to this
// binary's version.
func (c *restoreCommand) into(ctx context.Context, file *os.File, version, rows int64, config db.Config, log *slog.Logger) error {
	ctx = db.Unhurried(ctx)
	config.Tables = version
	d, err := db.Open(ctx, config)
	if err != nil {
		return err
	}
	report := progress("restored")
	trailer, err := db.Write(ctx, d, func(tx *db.Tx) (backup.Trailer, error) {
		return backup.Restore(tx, file, func(done int64) { report(done, rows) })
	})
	if err = errors.Join(err, d.Close()); err != nil {
		return err
	}
	config.Tables = 0
	if d, err = db.Open(ctx, config); err != nil {
		return err
	}
	directory, err := companies.Load(ctx, d, log)
	if err == nil {
		_, err = db.Read(ctx, d, func(tx *db.Tx) (struct{}, error) { return struct{}{}, c.verify(tx, directory) })
	}
	if err = errors.Join(err, d.Close()); err == nil {
		said("restored and verified", trailer, c.From)
	}
	return err
}
