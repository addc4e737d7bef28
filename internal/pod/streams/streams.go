// Package streams is what conversations are: IMs, MIMs, rooms and walls, their rows, their members,
// and who may do what in them. It opens IMs, and follows changes of accounts and barriers. Packages
// below it hold the other operations: rooms, members, listings, roomsearch. What is said is in
// package messages.
package streams

import (
	"podium/internal/journal"
	"podium/internal/op"
)

// Service opens IMs, and changes streams when accounts and barriers change.
type Service struct {
	Journal *journal.Log
}

// Limits of the size of streams. That of external rooms is published ("External rooms" of the help
// pages); the others are our choice.
const (
	maxParticipants      = 50    // of a MIM
	maxMembers           = 10000 // of a room
	maxExternalMembers   = 300   // of a room of several companies
	maxExternalCompanies = 25    // in a room of several companies
)

// Operations returns the operations of this package.
func (s *Service) Operations() []op.Bound {
	return op.Bind(s, createIM, createIMAsAdmin, updateIM, imInfo)
}
