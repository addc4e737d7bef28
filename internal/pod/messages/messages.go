// Package messages is what is said in streams: send, update, read, share, import and suppress
// messages. Packages below it hold the row (message), the files (files), the search (search) and
// the reports (receipts). It converts a message (package messageml), stores its files
// (package files), and writes it with others that are sent at the same time (gather.go).
//
// Not inside: who is in a stream and who may see it, which package streams decides.
package messages

import (
	"podium/internal/db"
	"podium/internal/journal"
	"podium/internal/op"
	"podium/internal/pod/directory"
	"podium/internal/pod/dlp"
	"podium/internal/pod/happenings"
	"podium/internal/pod/messages/files"
	"podium/internal/wire"
)

// Service answers the operations on messages.
type Service struct {
	Config
	sender *gatherer
}

// Config is the input of New.
type Config struct {
	DB        *db.DB
	Journal   *journal.Log
	Directory *directory.Service
	Files     *files.Service
	DLP       *dlp.Service

	Happenings *happenings.Log
}

// New returns the chapter.
func New(c Config) *Service {
	s := &Service{Config: c}
	s.sender = &gatherer{s: s, busy: map[wire.StreamID]bool{}}
	return s
}

// Operations returns the operations of this package.
func (s *Service) Operations() []op.Bound {
	return op.Bind(s,
		createMessage, updateMessage, blastMessage, getMessage, listMessages,
		importMessages, importMessagesV2, importMessagesV1,
		createMessageV1, createMessageV2, createMessageV3, listMessagesV1, listMessagesV2, shareV1,
		share, suppressMessage, listAttachments,
		getAttachment, createAttachmentV1, createAttachmentV3, replyToMessage, forwardMessage,
	)
}

// Facts lists the facts of this package, of each kind one.
func Facts() []journal.Fact {
	return []journal.Fact{Shared{}, MessageSuppressed{}, MessagesImported{}}
}
