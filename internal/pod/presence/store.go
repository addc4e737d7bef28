package presence

import (
	"errors"

	"podium/internal/db"
	"podium/internal/db/lock"
	"podium/internal/journal"
	"podium/internal/pod/accounts"
	"podium/internal/wire"
)

const selectStates = `
	SELECT user_id, enabled, desired, chosen, hard, seen, active, category, at, position, seq
	FROM presence`

func scanState(row db.Row) (s state, err error) {
	return s, row.Scan(&s.user, &s.enabled, &s.desired, &s.chosen, &s.hard, &s.seen, &s.active, &s.category, &s.at,
		&s.number.Position, &s.number.Seq)
}

// find returns a user's current state. ok is false if there is no row.
func find(tx *db.Tx, user wire.UserID) (s state, ok bool, err error) {
	s, err = db.One(tx, scanState, selectStates+` WHERE user_id = $1 AND company = $2`, user, user.Company())
	if errors.Is(err, db.ErrNoRow) {
		return unknown(user), false, nil
	}
	s.advance(tx.Now())
	return s, err == nil, err
}

// locked locks a user's state until commit and returns it as find does.
func locked(tx *db.Tx, user wire.UserID) (state, bool, error) {
	if err := tx.Lock(lock.Presence(user)); err != nil {
		return state{}, false, err
	}
	return find(tx, user)
}

// save writes states of one company, with new numbers for those that changed, and wakes the
// company's followers.
func (s *Service) save(tx *db.Tx, states ...*state) error {
	var moved []*state
	for _, one := range states {
		if one.moved {
			moved = append(moved, one)
		}
	}
	if err := number(tx, moved); err != nil {
		return err
	}
	for _, one := range states {
		if err := upsert(tx, one); err != nil {
			return err
		}
	}
	if len(moved) > 0 {
		s.wake(tx, moved[0].user.Company())
	}
	return nil
}

func number(tx *db.Tx, states []*state) error {
	if len(states) == 0 {
		return nil
	}
	position, numbers, err := tx.Places("presence", len(states))
	if err != nil {
		return err
	}
	for i, s := range states {
		s.number, s.moved = journal.Cursor{Position: position, Seq: numbers[i]}, false
	}
	return nil
}

func upsert(tx *db.Tx, s *state) error {
	return tx.Queue(`
		INSERT INTO presence (user_id, company, enabled, desired, chosen, hard, seen, active, category, at, due, position, seq)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
		ON CONFLICT (user_id) DO UPDATE
		SET enabled = excluded.enabled, desired = excluded.desired, chosen = excluded.chosen, hard = excluded.hard,
			seen = excluded.seen, active = excluded.active, category = excluded.category, at = excluded.at,
			due = excluded.due, position = excluded.position, seq = excluded.seq`,
		s.user, s.user.Company(), s.enabled, s.desired, s.chosen, s.hard, s.seen, s.active, s.category, s.at, s.due(),
		s.number.Position, s.number.Seq)
}

// topic is the topic that wakes followers of presence. The payload is the company.
const topic = "presence"

func (s *Service) wake(tx *db.Tx, company wire.CompanyID) {
	tx.OnCommit(func() { s.Notify.Notify(topic, company.String()) })
}

// StatusSet handles the disabling and enabling of an account. A disabled one goes offline, and its
// feeds are deleted.
func (s *Service) StatusSet(tx *db.Tx, n accounts.StatusSet) error {
	if n.Status == accounts.Disabled {
		if err := tx.Exec(`DELETE FROM presence_feeds WHERE owner = $1`, n.User); err != nil {
			return err
		}
		s.wake(tx, n.User.Company()) // reads that wait for its feeds answer
	}
	return s.able(tx, n.User, n.Status == accounts.Enabled)
}

func (s *Service) able(tx *db.Tx, user wire.UserID, enabled bool) error {
	state, ok, err := locked(tx, user)
	if err != nil || !ok {
		return err
	}
	state.able(enabled, tx.Now())
	return s.save(tx, &state)
}
