// Package signals handles signals: saved queries for messages with hashtags and cashtags, and their
// subscribers. Package messages/search finds the messages of a signal.
package signals

import (
	"podium/internal/db"
	"podium/internal/journal"
	"podium/internal/op"
	"podium/internal/pod/dlp"
)

// Service is the chapter signals. Package pod sets its fields.
type Service struct {
	DB      *db.DB
	DLP     *dlp.Service
	Journal *journal.Log
}

// Operations returns the operations of this chapter.
func (s *Service) Operations() []op.Bound {
	return op.Bind(s, listSignals, getSignal, createSignal, updateSignal, deleteSignal, subscribe, unsubscribe, listSubscribers)
}

// Limits. They are our choice, except those of pages.
const (
	maxOwned       = 500    // signals of one user
	maxCompanyWide = 500    // company-wide signals of one company
	maxSubscribers = 10_000 // of one signal
	maxListed      = 500    // signals of one page, as published
)
