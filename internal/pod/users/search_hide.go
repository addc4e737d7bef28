package users

import "podium/internal/db"

// Hiding is conditions of SQL that the user of a column, named with its table, is hidden from somebody. add makes a value a parameter of the statement and gives
// its place in it.
type Hiding struct {
	// ByGroups looks at the groups of each user. Nil: nobody is hidden.
	ByGroups func(column string, add func(any) string) string

	// ByMarks looks at nothing in the database, once it is made.
	ByMarks func(column string, add func(any) string) (string, error)

	// Worth is how many users have to be looked at for ByMarks to be quicker.
	Worth int64
}

// uncounted is how few candidates may be worth marks for it to be quicker to make them than to count the candidates.
const uncounted = 20

// hide leaves out whom information barriers hide from the caller. many tells whether there may be so many candidates, or more.
func (s *Service) hide(tx *db.Tx, r reach, c *candidates, many func(n int64) (bool, error)) error {
	if !r.caller.Walled || s.Hiding == nil {
		return nil
	}
	h, err := s.Hiding(tx, r.caller.User)
	if err != nil || h.ByGroups == nil {
		return err
	}
	marks := h.Worth <= uncounted
	if !marks {
		if marks, err = many(h.Worth); err != nil {
			return err
		}
	}
	hidden := ""
	if marks {
		if hidden, err = h.ByMarks("t.user_id", c.add); err != nil {
			return err
		}
	} else {
		hidden = h.ByGroups("t.user_id", c.add)
	}
	c.where += ` AND NOT ` + hidden
	return nil
}
