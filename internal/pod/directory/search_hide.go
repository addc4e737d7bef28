package directory

import "podium/internal/db"

// uncounted is the worth of marks up to which candidates are not counted.
const uncounted = 20

// hide removes users whom information barriers hide from the caller. many reports whether there may
// be n candidates or more.
func (s *Service) hide(tx *db.Tx, r reach, c *candidates, many func(n int64) (bool, error)) error {
	if !r.caller.Walled || s.Hiding == nil {
		return nil
	}
	h, err := s.Hiding(tx, r.caller.User)
	if err != nil || h.Empty() {
		return err
	}
	hidden, err := h.Condition("t.user_id", c.add, uncounted, many)
	c.where += ` AND NOT ` + hidden
	return err
}
