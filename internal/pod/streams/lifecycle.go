package streams

import "podium/internal/journal"

// Lifecycle changes whether streams are active, and who owns rooms.
type Lifecycle struct {
	Journal *journal.Log
}
