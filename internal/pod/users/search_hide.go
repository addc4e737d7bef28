package users

import "podium/internal/db"

// uncounted is what marks may be worth for them to be made without counting the candidates.
const uncounted = 20

// hide leaves out whom information barriers hide from the caller. many tells whether there may be so many candidates, or more.
func (s *Service) hide(tx *db.Tx, r reach, c *candidates, many func(n int64) (bool, error)) error {
	if !r.caller.Walled || s.Hiding == nil {
		return nil
	}
	h, err := s.Hiding(tx, r.caller.User)
	if err != nil || h.Nobody() {
		return err
	}
	hidden, err := h.Condition("t.user_id", c.add, uncounted, many)
	c.where += ` AND NOT ` + hidden
	return err
}
