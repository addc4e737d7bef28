package accounts

import (
	"slices"

	"podium/internal/db"
	"podium/internal/wire"
)

// walledAtOnce is the most accounts in one statement.
const walledAtOnce = 1000

// SetWalled stores whether accounts are in a barrier group.
func (s *Service) SetWalled(tx *db.Tx, ids []wire.UserID, walled bool) error {
	for part := range slices.Chunk(ids, walledAtOnce) {
		if err := tx.Exec(`UPDATE users SET walled = $2 WHERE id IN ($1)`, part, walled); err != nil {
			return err
		}
	}
	for _, id := range ids {
		if err := s.Journal.Tell(tx, AccessChanged{id}); err != nil {
			return err
		}
	}
	return nil
}
