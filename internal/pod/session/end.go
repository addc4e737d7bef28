package session

import (
	"podium/internal/auth"
	"podium/internal/db"
	"podium/internal/pod/accounts"
	"podium/internal/pod/apps"
)

// end deletes the sessions that match a condition, and returns their ids. After the commit every
// node removes them from its cache. The sessions are locked in the order of their ids, so that two
// transactions that end the same sessions do not deadlock: call it at most once in a transaction.
func (s *Service) end(tx *db.Tx, condition string, args ...any) ([]string, error) {
	ended, err := db.All(tx, db.ScanValue[string], deleteWhere(tx, condition)+` RETURNING id`, args...)
	if err != nil {
		return nil, err
	}
	for _, id := range ended {
		s.tell(tx, "session "+id)
	}
	return ended, nil
}

// deleteWhere returns a statement that locks the sessions that match a condition in the order of
// their ids, and deletes them.
func deleteWhere(tx *db.Tx, condition string) string {
	return `
		DELETE FROM sessions
		WHERE id IN (SELECT id FROM sessions WHERE ` + condition + ` ORDER BY id ` + tx.ForUpdateOf("sessions") + `)`
}

// tell makes every node, after the commit, read the sessions again that a payload of the topic
// names.
func (s *Service) tell(tx *db.Tx, payload string) {
	tx.OnCommit(func() { s.Notify.Notify(topic, payload) })
}

// AccessChanged makes every node read the sessions of a user again.
func (s *Service) AccessChanged(tx *db.Tx, n accounts.AccessChanged) error {
	s.tell(tx, userHolder(n.User))
	return nil
}

// LockedOut ends all sessions of a user who was disabled or suspended.
func (s *Service) LockedOut(tx *db.Tx, n accounts.LockedOut) error {
	_, err := s.end(tx, `user_id = $1`, n.User)
	return err
}

// KeyRevoked ends the sessions of a user that were opened by RSA login.
func (s *Service) KeyRevoked(tx *db.Tx, n accounts.KeyRevoked) error {
	_, err := s.end(tx, `user_id = $1 AND method = $2 AND app = ''`, n.User, byRSA)
	return err
}

// AppChanged makes every node read the sessions of an application again.
func (s *Service) AppChanged(tx *db.Tx, n apps.AccessChanged) error {
	s.tell(tx, appHolder(n.Company, n.App))
	return nil
}

// AppLockedOut ends all sessions of an application.
func (s *Service) AppLockedOut(tx *db.Tx, n apps.LockedOut) error {
	_, err := s.end(tx, `company = $1 AND app = $2 AND app <> ''`, n.Company, n.App)
	return err
}

// AppActingEnded ends the sessions of an application on behalf of users, but not its own.
func (s *Service) AppActingEnded(tx *db.Tx, n apps.ActingEnded) error {
	_, err := s.end(tx, `company = $1 AND app = $2 AND app <> '' AND kind = $3`, n.Company, n.App, auth.OnBehalfSession)
	return err
}

// AppUninstalled ends the sessions of applications on behalf of one user.
func (s *Service) AppUninstalled(tx *db.Tx, n apps.Uninstalled) error {
	_, err := s.end(tx, `user_id = $1 AND app IN ($2)`, n.User, n.Apps)
	return err
}
