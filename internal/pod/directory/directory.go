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

	survey *survey
	recent *recent
}

// New returns the service, which follows the changes of people. Look-ups by id use cached accounts
// until this node or another notifies a change, and for at most 0.8 s by the clock now (nil:
// time.Now). stop ends the subscription to notifications.
func New(s Service, people *accounts.Service, n notify.Notifier, now func() time.Time) (service *Service, stop func()) {
	if now == nil {
		now = time.Now
	}
	s.survey, s.recent = newSurvey(), newRecent(now)
	changed := func(tx *db.Tx, id wire.UserID) error {
		tx.OnCommit(func() { n.Notify(topic, id.String()) })
		return nil
	}
	people.Changed = append(people.Changed, changed)
	people.Barred = append(people.Barred, changed)
	people.Renamed = append(people.Renamed, changed)
	people.Created = append(people.Created, func(tx *db.Tx, company wire.CompanyID) {
		tx.OnCommit(func() { s.survey.add(company) })
	})
	return &s, n.Handle(topic, s.recent.forget)
}

// Operations returns the operations of this chapter.
func (s *Service) Operations() []op.Bound {
	return op.Bind(s, lookUpUsers, lookUpUser, lookUpByEmail, lookUpByName, searchUsers)
}
