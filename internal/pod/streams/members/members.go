// Package members changes and lists the members and owners of rooms: users, and distribution lists
// with the users on them.
package members

import (
	"podium/internal/journal"
	"podium/internal/op"
	"podium/internal/pod/streams/lifecycle"
	"podium/internal/pod/streams/roomindex"
)

// Service answers the operations on members of rooms, and follows changes of distribution lists.
type Service struct {
	Journal   *journal.Log
	Index     *roomindex.Index
	Lifecycle *lifecycle.Service
}

// Operations returns the operations of this package.
func (s *Service) Operations() []op.Bound {
	return op.Bind(s,
		listMembers, listMembersV1, listMembersAsAdmin, addMember, removeMember, promoteOwner, demoteOwner,
		addMemberAsAdmin, removeMemberAsAdmin,
	)
}
