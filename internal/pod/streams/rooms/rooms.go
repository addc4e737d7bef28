// Package rooms creates, reads and changes rooms, and deactivates and reactivates them. Their
// members are changed by package members; package roomsearch finds them.
package rooms

import (
	"podium/internal/db"
	"podium/internal/journal"
	"podium/internal/op"
	"podium/internal/pod/dlp"
	"podium/internal/pod/streams/lifecycle"
	"podium/internal/pod/streams/roomindex"
)

// Service answers the operations on rooms.
type Service struct {
	DB        *db.DB
	DLP       *dlp.Service
	Journal   *journal.Log
	Index     *roomindex.Index
	Lifecycle *lifecycle.Service
}

// Operations returns the operations of this package.
func (s *Service) Operations() []op.Bound {
	return op.Bind(s,
		createRoom, createRoomV2, createRoomV1, roomInfo, roomInfoV2, roomInfoV1, updateRoom, updateRoomV2, updateRoomV1,
		setRoomActive, setRoomActiveAsAdmin,
	)
}
