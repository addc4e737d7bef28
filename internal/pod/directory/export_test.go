package directory

import (
	"podium/internal/auth"
	"podium/internal/db"
)

// Candidates returns the condition, and its parameters, of a search of the caller's own company on
// user_terms t.
func (s *Service) Candidates(tx *db.Tx, caller auth.Caller, q SearchQuery) (where string, args []any, err error) {
	c, err := s.candidates(tx, reach{caller: caller, local: true}, q)
	return c.where, c.args, err
}
