// Package contentexport exports what a company's users have said into files, and lets service
// accounts download them. Jobs make the files in the background: one for each period that a company
// has set, and those that an operator requests. The contents are in the blob store.
//
// Not inside: when contents of the blob store are deleted (messages/files).
package contentexport

import (
	"log/slog"
	"strings"

	"podium/internal/auth"
	"podium/internal/db"
	"podium/internal/journal"
	"podium/internal/op"
	"podium/internal/pod/companies"
	"podium/internal/pod/messages/files"
)

// Service is the chapter contentexport. Package pod sets its fields.
type Service struct {
	DB        *db.DB
	Log       *slog.Logger
	Journal   *journal.Log
	Companies *companies.Directory
	Files     *files.Service

	// most is how many messages a file holds; 0: partMessages.
	most int
}

// Operations returns the operations of this chapter.
func (s *Service) Operations() []op.Bound {
	return op.Bind(s, listFiles, getFile, getMetadata, download)
}

// reader is the need of the operations that show files.
var reader = auth.Scoped("sym-files", auth.AccessExportedMessageContent)

const tag = "Content Export"

// FilesError is the body of the errors of this API.
type FilesError struct {
	Error string `json:"error" doc:"The error, as a sentence."`
}

// published maps a status to its published text.
var published = map[int]string{401: "Invalid session token", 403: "Invalid entitlements", 404: "File not found"}

func fileErrors(e op.Error) any {
	text, ok := published[e.Code]
	switch {
	case e.Code == 400:
		text = "Invalid query parameters: " + e.Message
	case !ok:
		text = strings.TrimSuffix(e.Message, ".")
	}
	return FilesError{text}
}

// linkErrors makes the errors of a download: its only credential is the link.
func linkErrors(e op.Error) any {
	if e.Code == 403 {
		return FilesError{"The link is not valid, or has expired"}
	}
	return fileErrors(e)
}
