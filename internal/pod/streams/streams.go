// Package streams is conversations: IMs, MIMs, rooms and walls, who is in them, and how they are
// found. What is said in them is not here, but for what may be asked about messages stream by stream.
package streams

import (
	"log/slog"

	"podium/internal/db"
	"podium/internal/journal"
	"podium/internal/op"
	"podium/internal/pod/users"
	"podium/internal/wire"
)

// Service is this chapter, filled in by package pod.
type Service struct {
	DB      *db.DB
	Log     *slog.Logger
	Journal *journal.Log

	// Hiding, if set, tells whom information barriers hide in searches from a user who is walled.
	Hiding func(tx *db.Tx, user wire.UserID) (users.Hiding, error)

	named chan struct{} // holds something when there may be new words
}

// New makes the chapter's service of what package pod has filled in.
func New(s Service) *Service {
	s.named = make(chan struct{}, 1)
	return &s
}

// How large streams may grow. That of external rooms is published ("External rooms" of the help
// pages); the others are our choice.
const (
	maxParticipants      = 50    // of a MIM
	maxMembers           = 10000 // of a room
	maxExternalMembers   = 300   // of a room of several companies
	maxExternalCompanies = 25    // in a room of several companies
)

// Operations is what this package answers.
func (s *Service) Operations() []op.Bound {
	return op.Bind(s,
		createIM, createIMAsAdmin, updateIM, imInfo,
		createRoom, createRoomV2, createRoomV1, roomInfo, roomInfoV2, roomInfoV1, updateRoom, updateRoomV2, updateRoomV1,
		setRoomActive, setRoomActiveAsAdmin,
		listMembers, listMembersV1, listMembersAsAdmin, addMember, removeMember, promoteOwner, demoteOwner,
		addMemberAsAdmin, removeMemberAsAdmin, searchRooms, searchRoomsV2,
		listStreams, listStreamsOfUser, streamInfo, streamInfoV1, listEnterprise, listEnterpriseV1, listStreamMembers,
		listAttachments, listMessageIDs, messageStatus, messageReceipts, messageMetadata, messageRelationships, share,
		suppressMessage,
	)
}
