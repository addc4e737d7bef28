package blob

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"time"

	"podium/internal/private"
)

// Folder is a store in a folder: the content abcdef… is the file ab/cdef….
type Folder struct {
	path string
	log  *slog.Logger
}

// partPrefix begins the names of files that are not complete.
const partPrefix = ".part-"

// OpenFolder returns the store in a folder. The folder is created with the first content. If it
// exists, others must not be able to read it: its mode is narrowed.
func OpenFolder(path string, log *slog.Logger) (*Folder, error) {
	err := private.Check(path, log)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	return &Folder{path: path, log: log}, nil
}

func (f *Folder) place(sum Sum) (folder, file string) {
	name := sum.String()
	folder = filepath.Join(f.path, name[:2])
	return folder, filepath.Join(folder, name[2:])
}

// Put implements Store.
func (f *Folder) Put(ctx context.Context, sum Sum, size int64, content io.ReadSeeker) error {
	folder, file := f.place(sum)
	if info, err := os.Stat(file); err == nil && info.Size() == size {
		now := time.Now()
		if err := os.Chtimes(file, now, now); err == nil {
			return private.SyncFolder(folder) // the Put that stored it may not have come so far
		} else if !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	if err := f.make(folder); err != nil {
		return err
	}
	part, err := os.CreateTemp(folder, partPrefix)
	if err != nil {
		return err
	}
	if err := errors.Join(fill(ctx, part, sum, size, content), part.Close()); err != nil {
		return errors.Join(err, os.Remove(part.Name()))
	}
	if err := os.Rename(part.Name(), file); err != nil {
		return errors.Join(err, os.Remove(part.Name()))
	}
	return private.SyncFolder(folder)
}

// fill writes a content to a file, and waits until it is on the disk.
func fill(ctx context.Context, file *os.File, sum Sum, size int64, content io.ReadSeeker) error {
	if _, err := content.Seek(0, io.SeekStart); err != nil {
		return err
	}
	c := newChecked(content)
	if _, err := io.CopyBuffer(onlyWriter{file}, interruptible{ctx, c}, make([]byte, copyBuffer)); err != nil {
		return err
	}
	if err := c.is(sum, size); err != nil {
		return err
	}
	return file.Sync()
}

// onlyWriter hides the ReadFrom of a file, which would allocate a buffer of its own.
type onlyWriter struct{ io.Writer }

// interruptible is a reader that fails when its context ends.
type interruptible struct {
	ctx context.Context
	io.Reader
}

func (r interruptible) Read(p []byte) (int, error) {
	if err := r.ctx.Err(); err != nil {
		return 0, err
	}
	return r.Reader.Read(p)
}

// make creates one of the folders inside the folder, and waits until its name is on the disk.
func (f *Folder) make(folder string) error {
	if _, err := os.Stat(folder); err == nil {
		return nil
	}
	if err := private.Folder(folder, f.log); err != nil {
		return err
	}
	return errors.Join(private.SyncFolder(f.path), private.SyncFolder(filepath.Dir(f.path)))
}

// Get implements Store.
func (f *Folder) Get(_ context.Context, sum Sum) (io.ReadSeekCloser, int64, error) {
	_, path := f.place(sum)
	file, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, 0, ErrNone
	}
	if err != nil {
		return nil, 0, err
	}
	info, err := file.Stat()
	if err != nil {
		return nil, 0, errors.Join(err, file.Close())
	}
	return file, info.Size(), nil
}

// Delete implements Store.
func (f *Folder) Delete(_ context.Context, sum Sum) error {
	_, path := f.place(sum)
	if err := os.Remove(path); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

// List implements Store.
func (f *Folder) List(ctx context.Context, found func(Entry) error) error {
	return f.walk(ctx, func(folder, name string, info fs.FileInfo) error {
		sum, err := ParseSum(filepath.Base(folder) + name)
		if err != nil || !info.Mode().IsRegular() {
			return nil // not one of ours
		}
		return found(Entry{Sum: sum, Size: info.Size(), Modified: info.ModTime()})
	})
}

// Tidy implements Store.
func (f *Folder) Tidy(ctx context.Context, before time.Time) error {
	return f.walk(ctx, func(folder, name string, info fs.FileInfo) error {
		if !strings.HasPrefix(name, partPrefix) || !info.ModTime().Before(before) {
			return nil
		}
		if err := os.Remove(filepath.Join(folder, name)); !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		return nil
	})
}

// walk calls found for each file of the folders that this store makes.
func (f *Folder) walk(ctx context.Context, found func(folder, name string, info fs.FileInfo) error) error {
	for i := range 256 {
		folder := filepath.Join(f.path, fmt.Sprintf("%02x", i))
		entries, err := os.ReadDir(folder)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return err
		}
		for _, e := range entries {
			if err := ctx.Err(); err != nil {
				return err
			}
			info, err := e.Info()
			if errors.Is(err, fs.ErrNotExist) {
				continue // deleted meanwhile
			}
			if err == nil {
				err = found(folder, e.Name(), info)
			}
			if err != nil {
				return err
			}
		}
	}
	return nil
}
