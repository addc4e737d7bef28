package presence

import (
	"context"

	"podium/internal/auth"
	"podium/internal/db"
	"podium/internal/wire"
)

// Take does what a read of a feed does before its answer is sent. It returns how many statuses it
// took.
func Take(tx *db.Tx, caller auth.Caller, feed string) (int, error) {
	p, err := take(tx, caller, feed)
	return len(p.list), err
}

// Set sets a user's presence within a transaction.
func Set(s *Service, tx *db.Tx, user wire.UserID, c Category) error {
	state, _, err := locked(tx, user)
	if err != nil {
		return err
	}
	state.choose(c, false, tx.Now())
	return s.save(tx, &state)
}

// Clear does what the background task clear does.
func Clear(s *Service, ctx context.Context) error { return s.clear(ctx) }

// Taken takes the signs that are to be written now, and reports whether a user's are among them.
func Taken(s *Service, user wire.UserID) bool {
	_, is := s.takeSigns(s.DB.Now().Add(-signEvery))[user]
	return is
}
