// Package receipts reports on messages: who received and read them, how they are related, and the
// ids of a stream's messages. Who may see a message is decided by package message.
package receipts

import "podium/internal/op"

// Service answers the operations of this package.
type Service struct{}

// Operations returns the operations of this package.
func (s *Service) Operations() []op.Bound {
	return op.Bind(s, messageStatus, messageReceipts, messageMetadata, messageRelationships, listMessageIDs)
}
