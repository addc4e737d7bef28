// Package listings lists streams, a user's or a company's, and describes a stream of any type and
// its members. Rooms are searched by package roomsearch.
package listings

import (
	"podium/internal/op"
)

// Service answers the operations that list and describe streams.
type Service struct{}

// Operations returns the operations of this package.
func (s *Service) Operations() []op.Bound {
	return op.Bind(s,
		listStreams, listStreamsOfUser, streamInfo, streamInfoV1, listEnterprise, listEnterpriseV1, listStreamMembers,
	)
}
