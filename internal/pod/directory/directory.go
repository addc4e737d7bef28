// Package directory finds accounts: look-ups, searches, and the pages of a company's accounts. It
// decides which accounts of other companies a user may know of, and what users see of each other.
// Package barriers says which accounts are hidden, and package accounts stores the search terms.
package directory

import (
	"log/slog"
	"time"

	"podium/internal/db"
	"podium/internal/notify"
	"podium/internal/op"
	"podium/internal/pod/accounts"
	"podium/internal/wire"
)

// Service is the chapter directory. Package pod sets its fields; New completes it.
type Service struct {
	DB  *db.DB
	Log *slog.Logger

	// Companies returns the numbers of all companies of the server; nil if there is only one.
	Companies func() []wire.CompanyID

	// Hiding, if set, returns which accounts information barriers hide in searches from a user in a
	// barrier group.
	Hiding func(tx *db.Tx, user wire.UserID) (Hiding, error)

	notify notify.Notifier
	survey *survey
	recent *recent
}

// New returns the service. Look-ups by id use cached accounts until this node or another notifies a
// change, and for at most 0.8 s by the clock now (nil: time.Now). stop ends the subscription to
// notifications.
func New(s Service, n notify.Notifier, now func() time.Time) (service *Service, stop func()) {
	if now == nil {
		now = time.Now
	}
	s.notify, s.survey, s.recent = n, newSurvey(), newRecent(now)
	return &s, n.Handle(topic, s.recent.forget)
}

// AccessChanged makes every node read an account again.
func (s *Service) AccessChanged(tx *db.Tx, n accounts.AccessChanged) error {
	return s.changed(tx, n.User)
}

// LockedOut makes every node read an account again.
func (s *Service) LockedOut(tx *db.Tx, n accounts.LockedOut) error { return s.changed(tx, n.User) }

// AppearanceChanged makes every node read an account again.
func (s *Service) AppearanceChanged(tx *db.Tx, n accounts.AppearanceChanged) error {
	return s.changed(tx, n.User)
}

func (s *Service) changed(tx *db.Tx, id wire.UserID) error {
	tx.OnCommit(func() { s.notify.Notify(topic, id.String()) })
	return nil
}

// Added has the survey look at a company with new accounts.
func (s *Service) Added(tx *db.Tx, n accounts.Added) error {
	tx.OnCommit(func() { s.survey.add(n.Company) })
	return nil
}

// Operations returns the operations of this chapter.
func (s *Service) Operations() []op.Bound {
	return op.Bind(s, lookUpUsers, lookUpUser, lookUpByEmail, lookUpByName, searchUsers)
}
