//go:build unix

package main

import (
	"os/signal"
	"syscall"
)

// descriptors returns how many files and connections the process may have open at once; 0: not
// known. Go has raised it to the hard limit when the process started.
func descriptors() int {
	var limit syscall.Rlimit
	if syscall.Getrlimit(syscall.RLIMIT_NOFILE, &limit) != nil {
		return 0
	}
	return int(min(uint64(limit.Cur), 1<<30))
}

// outliveReaders lets the process go on when the reader of its output is gone: writes fail then.
func outliveReaders() { signal.Ignore(syscall.SIGPIPE) }
