package users

import (
	"podium/internal/auth"
	"podium/internal/db"
)

// What tests of this chapter see of its inside.
const SelectFrom = selectFrom

// And what they call.
var UpdateAttributes = updateAttributes

// Candidates is the condition, and its parameters, by which a search of the caller's own company looks through user_terms t.
func (s *Service) Candidates(tx *db.Tx, caller auth.Caller, q SearchQuery) (where string, args []any, err error) {
	c, err := s.candidates(tx, reach{caller: caller, local: true}, q)
	return c.where, c.args, err
}
