// Package messages is what is said in streams: send, update, read, search, share and suppress
// messages, and who received them. It converts a message (package messageml), stores its files
// (package files), and writes it with others that are sent at the same time (gather.go).
//
// Not inside: who is in a stream and who may see it, which package streams decides.
package messages

import (
	"podium/internal/db"
	"podium/internal/journal"
	"podium/internal/op"
	"podium/internal/pod/directory"
	"podium/internal/pod/messages/files"
)

// Service answers the operations on messages.
type Service struct {
	Config
	sender sender
}

// Config is the input of New.
type Config struct {
	DB        *db.DB
	Journal   *journal.Log
	Directory *directory.Service
	Files     *files.Service
}

// New returns the chapter.
func New(c Config) *Service {
	s := &Service{Config: c}
	s.sender = &gatherer{s: s}
	return s
}

// Operations returns the operations of this package.
func (s *Service) Operations() []op.Bound {
	return op.Bind(s,
		createMessage, updateMessage, blastMessage, getMessage, listMessages,
		share, suppressMessage, messageStatus, messageReceipts, messageMetadata, messageRelationships, listMessageIDs, listAttachments,
	)
}

// Facts lists the facts of this package, of each kind one.
func Facts() []journal.Fact { return []journal.Fact{Shared{}, MessageSuppressed{}} }
