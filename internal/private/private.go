// Package private creates files and folders that only their owner can read or write, whatever the
// umask: 0600 and 0700. It narrows the mode of existing ones that are wider, and logs that. It
// refuses symbolic links and the files of other users, who could decide what is written or read.
//
// Not inside: files that the operator provides (certificates, settings); their modes are the
// operator's choice.
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
	others     fs.FileMode = 0o077 // what the group and all others may do
)

// Check narrows the mode of a file to 0600, of a folder to 0700, if it is wider. It returns an
// error for a symbolic link, for what is neither a file nor a folder, and for another user's. It
// opens nothing: closing a file of SQLite would drop the locks that this process has on it. If path
// does not exist, the error is fs.ErrNotExist.
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

// checkFile is Check, but returns an error for a folder.
func checkFile(path string, log *slog.Logger) error {
	info, err := os.Lstat(path)
	if err == nil && info.IsDir() {
		return fmt.Errorf("%s is a folder", path)
	}
	return Check(path, log)
}

// ours returns an error for what is not a file or folder of this user.
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

// Ensure creates an empty file if there is none, and calls Check if there is one.
func Ensure(path string, log *slog.Logger) error {
	err := checkFile(path, log)
	if !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	file, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_RDWR, fileMode)
	if errors.Is(err, fs.ErrExist) {
		return checkFile(path, log) // another process has created it
	}
	if err != nil {
		return err
	}
	return errors.Join(file.Chmod(fileMode), file.Close())
}

// Open opens a file for reading and writing. It creates a missing one.
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

// Folder creates a folder and the missing ones above it, and calls Check for an existing one.
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
	return os.Chmod(path, folderMode) // a umask may have removed the owner's own rights
}

// CheckAll calls Check for the paths and everything below them. Missing paths are skipped.
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
