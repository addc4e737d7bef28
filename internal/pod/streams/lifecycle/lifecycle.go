// Package lifecycle changes whether streams are active and who owns rooms. It makes walls, follows
// accounts that are disabled and enabled, and follows barriers.
package lifecycle

import "podium/internal/journal"

// Service changes whether streams are active, and who owns rooms.
type Service struct {
	Journal *journal.Log
}
