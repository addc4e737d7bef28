//go:build !(linux || darwin || freebsd)

package sqlite

// freeBytes returns that the number is unknown on this system.
func freeBytes(string) (free uint64, known bool) { return 0, false }
