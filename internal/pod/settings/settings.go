// Package settings holds a company's decisions about messages: which URI schemes clients turn into
// links, which file types may be uploaded, which languages are offered. The code that sends and
// shows messages applies them; it is not here.
package settings

import (
	"podium/internal/journal"
	"podium/internal/op"
	"podium/internal/pod/companies"
)

// Service is the chapter settings. Package pod sets its fields.
type Service struct {
	Journal   *journal.Log
	Companies *companies.Directory
}

// Operations returns the operations of this chapter.
func (s *Service) Operations() []op.Bound {
	return op.Bind(s, listProtocolsV1, listProtocols, allowProtocol, disallowProtocol,
		listAllowedTypes, listFileExtensions, setFileExtension, removeFileExtension, listLanguages)
}

// most limits the schemes and the file extensions that a company adds. So all can be read at once,
// and the published list without pages stays small.
const most = 1000
