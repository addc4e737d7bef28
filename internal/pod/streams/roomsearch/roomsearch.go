// Package roomsearch finds rooms by name, description, keywords and people. Package roomindex keeps
// the words that it looks up.
package roomsearch

import (
	"podium/internal/db"
	"podium/internal/op"
	"podium/internal/pod/directory"
	"podium/internal/wire"
)

// Service answers the operations that search rooms.
type Service struct {
	// Hiding, if set, tells whom information barriers hide in searches from a user who is walled.
	Hiding func(tx *db.Tx, user wire.UserID) (directory.Hiding, error)
}

// Operations returns the operations of this package.
func (s *Service) Operations() []op.Bound {
	return op.Bind(s, searchRooms, searchRoomsV2)
}
