package private

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
)

// Part is a file that is written under a temporary name and gets its name when it is complete.
// Keep, KeepNew or Drop ends it.
type Part struct {
	*os.File
	path string
}

// Suffix is the end of the temporary name.
const Suffix = ".part"

// Begin creates a file under a temporary name. It removes what a killed process has left. It fails
// while another process writes the same file.
func Begin(path string, log *slog.Logger) (*Part, error) {
	if err := checkFile(path, log); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	for {
		file, err := Open(path+Suffix, log)
		if err != nil {
			return nil, err
		}
		if err := lock(file); err != nil {
			file.Close()
			return nil, fmt.Errorf("another process is writing %s", path)
		}
		// Since it was opened, the process that had the lock may have renamed or removed it.
		same, err := still(file, path+Suffix)
		if err == nil && same {
			if err = file.Truncate(0); err == nil {
				return &Part{File: file, path: path}, nil
			}
		}
		file.Close()
		if err != nil {
			return nil, err
		}
	}
}

// still reports whether path is the name of the open file.
func still(file *os.File, path string) (bool, error) {
	opened, err := file.Stat()
	if err != nil {
		return false, err
	}
	named, err := os.Lstat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	return err == nil && os.SameFile(opened, named), err
}

// Keep waits until the file is on the disk, and gives it its name; it replaces an existing file. If
// that fails, the file is removed.
func (p *Part) Keep() error { return p.end(true, os.Rename) }

// KeepNew is Keep for a new name. It fails with fs.ErrExist if a file has the name.
func (p *Part) KeepNew() error {
	return p.end(true, func(part, path string) error {
		if err := os.Link(part, path); err != nil {
			return err
		}
		return os.Remove(part)
	})
}

func (p *Part) end(durable bool, give func(part, path string) error) (err error) {
	if durable {
		err = p.Sync()
	}
	if err == nil {
		err = give(p.Name(), p.path)
	}
	if err != nil {
		return errors.Join(err, p.Drop())
	}
	if err := p.Close(); err != nil || !durable {
		return err
	}
	return SyncFolder(filepath.Dir(p.path))
}

// Drop removes what was written.
func (p *Part) Drop() error { return errors.Join(os.Remove(p.Name()), p.Close()) }

// Write writes a file that exists either completely or not at all.
func Write(path string, log *slog.Logger, write func(w io.Writer) error) error {
	part, err := Begin(path, log)
	if err != nil {
		return err
	}
	if err := write(part); err != nil {
		return errors.Join(err, part.Drop())
	}
	return part.Keep()
}

// Replace writes a file that exists either completely or not at all, without waiting for the disk.
// It is for files that can be made again.
func Replace(path string, data []byte, log *slog.Logger) error {
	part, err := Begin(path, log)
	if err != nil {
		return err
	}
	if _, err := part.Write(data); err != nil {
		return errors.Join(err, part.Drop())
	}
	return part.end(false, os.Rename)
}
