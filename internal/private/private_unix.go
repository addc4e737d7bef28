//go:build unix

package private

import (
	"io/fs"
	"os"
	"syscall"
)

const (
	noFollow = syscall.O_NOFOLLOW
	modes    = true // files have modes
)

// foreign returns the owner of a file, and reports whether that is another user than this
// process's.
func foreign(info fs.FileInfo) (owner uint32, other bool) {
	stat, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		return 0, false
	}
	return stat.Uid, int(stat.Uid) != os.Geteuid()
}

// lock locks an open file against other processes until it is closed. It fails at once if another
// process holds the lock.
func lock(file *os.File) error { return syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB) }

// SyncFolder waits until the names in a folder are on the disk.
func SyncFolder(path string) error {
	folder, err := os.Open(path)
	if err != nil {
		return err
	}
	defer folder.Close()
	return folder.Sync()
}
