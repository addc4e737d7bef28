//go:build !linux

package postgres

import (
	"syscall"
	"time"
)

// giveUpAfter does nothing: the deadlines of statements detect a connection whose other end is
// gone.
func giveUpAfter(time.Duration) func(network, address string, conn syscall.RawConn) error {
	return nil
}
