// Package streams is conversations: IMs, MIMs, rooms and walls, who is in them, and how they are
// found. What is said in them is not here, but for what may be asked about messages stream by stream.
package streams

import (
	"podium/internal/db"
	"podium/internal/journal"
	"podium/internal/op"
	"podium/internal/pod/users"
	"podium/internal/wire"
)

// Service is this chapter, filled in by package pod.
type Service struct {
	Journal *journal.Log
	Index   *Index

	// Hiding, if set, tells whom information barriers hide in searches from a user who is walled.
	Hiding func(tx *db.Tx, user wire.UserID) (users.Hiding, error)
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
	return op.Bind(s, createIM, createIMAsAdmin, updateIM, imInfo)
}
