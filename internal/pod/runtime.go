package pod

import (
	"os"
	"runtime/debug"
)

// TuneRuntime lets the heap grow fivefold before garbage collection, unless GOGC is set. A pod
// keeps little in memory, so Go's default would collect it hundreds of times a second under load,
// to save a few megabytes.
func TuneRuntime() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(400)
	}
}
