// Package settings is what a company decides about messages without a message at hand: which URI schemes
// clients turn into links, which types of files may be uploaded, which languages there are. Following the
// decisions is the business of whoever sends and shows messages, and is not here.
package settings

import (
	"podium/internal/journal"
	"podium/internal/op"
	"podium/internal/pod/companies"
)

// Service is this chapter, filled in by package pod.
type Service struct {
	Journal   *journal.Log
	Companies *companies.Directory
}

// Operations returns what this package answers.
func (s *Service) Operations() []op.Bound {
	return op.Bind(s, listProtocolsV1, listProtocols, allowProtocol, disallowProtocol,
		listAllowedTypes, listFileExtensions, setFileExtension, removeFileExtension, listLanguages)
}

// A company's protocols and file extensions are few: no more than this of its own, beside those that it has from the
// product. So they are read whole, and the published list without pages stays of a size that one can answer.
const most = 1000
