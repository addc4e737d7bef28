// Package private makes files and folders that only their owner can read or write, whatever the umask: 0600 and 0700. What is
// there already with a wider mode is narrowed, and the log says so. A symbolic link, and what belongs to another user, is
// refused: somebody else would decide what is written or read.
//
// Not inside: files that the operator gives (certificates, settings): their modes are the operator's.
package private

import (
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
)

const (
	fileMode   fs.FileMode = 0o600
	folderMode fs.FileMode = 0o700
	others     fs.FileMode = 0o077 // what a group and everybody else may do
)

// Check refuses a file or folder that is a symbolic link, neither a file nor a folder, or another user's, and narrows its mode
// if it is wider than 0600 (a folder: 0700). It opens nothing: closing a file of SQLite would drop the locks that this process has
// on it. Where there is nothing, the error is fs.ErrNotExist.
func Check(path string, log *slog.Logger) error {
	info, err := os.Lstat(path)
	if err != nil {
		return err
	}
	if err := ours(path, info); err != nil {
		return err
	}
	return narrow(path, info, log)
}

// checkFile is Check for what must be a file.
func checkFile(path string, log *slog.Logger) error {
	info, err := os.Lstat(path)
	if err == nil && info.IsDir() {
		return fmt.Errorf("%s is a folder", path)
	}
	return Check(path, log)
}

// ours refuses what is not a file or folder of this user.
func ours(path string, info fs.FileInfo) error {
	switch mode := info.Mode(); {
	case mode&fs.ModeSymlink != 0:
		return fmt.Errorf("%s is a symbolic link: name the file or folder that it leads to", path)
	case !mode.IsRegular() && !mode.IsDir():
		return fmt.Errorf("%s is neither a file nor a folder", path)
	}
	if owner, other := foreign(info); other {
		return fmt.Errorf("%s belongs to another user (id %d): run as that user, or name another file", path, owner)
	}
	return nil
}

func narrow(path string, info fs.FileInfo, log *slog.Logger) error {
	was := info.Mode().Perm()
	if !modes || was&others == 0 {
		return nil
	}
	if err := os.Chmod(path, info.Mode()&^(others|fs.ModeType)); err != nil {
		return err
	}
	log.Warn("others could read or write it; its mode is narrower now", "path", path,
		"was", fmt.Sprintf("%04o", was), "mode", fmt.Sprintf("%04o", was&^others))
	return nil
}

// Ensure makes an empty file where there is none, and calls Check where there is one.
func Ensure(path string, log *slog.Logger) error {
	err := checkFile(path, log)
	if !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	file, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_RDWR, fileMode)
	if errors.Is(err, fs.ErrExist) {
		return checkFile(path, log) // another process was faster
	}
	if err != nil {
		return err
	}
	return errors.Join(file.Chmod(fileMode), file.Close())
}

// Open opens a file for reading and writing, and makes it where there is none.
func Open(path string, log *slog.Logger) (*os.File, error) {
	if err := Ensure(path, log); err != nil {
		return nil, err
	}
	file, err := os.OpenFile(path, os.O_RDWR|noFollow, 0)
	if err != nil {
		return nil, err
	}
	info, err := file.Stat()
	if err == nil {
		err = ours(path, info)
	}
	if err != nil {
		file.Close()
		return nil, err
	}
	return file, nil
}

// Folder makes a folder, and those above it that are missing, and calls Check for one that is there.
func Folder(path string, log *slog.Logger) error {
	if info, err := os.Lstat(path); err == nil && info.Mode().IsRegular() {
		return fmt.Errorf("%s is not a folder", path)
	}
	if err := Check(path, log); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if above := filepath.Dir(path); above != path {
		if _, err := os.Stat(above); errors.Is(err, fs.ErrNotExist) {
			if err := Folder(above, log); err != nil {
				return err
			}
		}
	}
	err := os.Mkdir(path, folderMode)
	if errors.Is(err, fs.ErrExist) {
		return Check(path, log)
	}
	if err != nil {
		return err
	}
	return os.Chmod(path, folderMode) // a umask may have taken the owner's own rights
}

// CheckAll calls Check for everything below the paths, and for the paths themselves; what is not there is passed over.
func CheckAll(log *slog.Logger, paths ...string) error {
	for _, path := range paths {
		err := filepath.WalkDir(path, func(found string, _ fs.DirEntry, err error) error {
			if err == nil {
				err = Check(found, log)
			}
			if errors.Is(err, fs.ErrNotExist) {
				return nil
			}
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}
