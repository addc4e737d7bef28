// Package messages is what is said in streams: share, suppress, status, receipts, relationships,
// and the ids and attachments of a stream's messages. Who is in a stream and who may see it is
// decided by package streams.
package messages

import (
	"podium/internal/journal"
	"podium/internal/op"
)

// Service answers the operations on messages.
type Service struct {
	Journal *journal.Log
}

// Operations returns the operations of this package.
func (s *Service) Operations() []op.Bound {
	return op.Bind(s,
		share, suppressMessage, messageStatus, messageReceipts, messageMetadata, messageRelationships, listMessageIDs, listAttachments,
	)
}

// Facts lists the facts of this package, of each kind one.
func Facts() []journal.Fact { return []journal.Fact{Shared{}, MessageSuppressed{}} }
