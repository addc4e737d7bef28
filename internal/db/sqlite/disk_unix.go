//go:build linux || darwin || freebsd

package sqlite

import "syscall"

// freeBytes returns how many bytes are free for the process on the disk of a folder.
func freeBytes(folder string) (free uint64, known bool) {
	var s syscall.Statfs_t
	if err := syscall.Statfs(folder, &s); err != nil {
		return 0, false
	}
	return uint64(max(s.Bavail, 0)) * uint64(s.Bsize), true
}
