package accounts

import (
	"log/slog"
	"time"

	"podium/internal/db"
	"podium/internal/notify"
	"podium/internal/op"
	"podium/internal/wire"
)

// Directory finds accounts. Package pod sets its fields; NewDirectory completes it.
type Directory struct {
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

// NewDirectory returns the service. Look-ups by id use cached accounts, until this node or another
// notifies a change, and for at most 0.8 s by the clock now, or by time.Now if that is nil. stop
// ends the subscription to notifications.
func NewDirectory(s Directory, people *Service, n notify.Notifier, now func() time.Time) (service *Directory, stop func()) {
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
func (s *Directory) Operations() []op.Bound {
	return op.Bind(s, lookUpUsers, lookUpUser, lookUpByEmail, lookUpByName, searchUsers)
}
