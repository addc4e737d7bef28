//go:build !unix

package private

import (
	"io/fs"
	"os"
)

// On these systems a file's access list comes from its folder.
const (
	noFollow = 0
	modes    = false
)

func foreign(fs.FileInfo) (owner uint32, other bool) { return 0, false }

func lock(*os.File) error { return nil }

// SyncFolder does nothing: other systems cannot wait for the names in a folder.
func SyncFolder(string) error { return nil }
