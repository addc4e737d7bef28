package directory

// Hiding holds SQL conditions that the user in a column, which includes the table's name, is hidden
// from a viewer. add adds a parameter to the statement and returns its placeholder.
type Hiding struct {
	// ByGroups reads the barrier groups of each user. nil: no user is hidden.
	ByGroups func(column string, add func(any) string) string

	// ByMarks reads nothing from the database once it is made.
	ByMarks func(column string, add func(any) string) (string, error)

	// Worth is the number of users from which ByMarks is faster.
	Worth int64
}

// Empty reports whether no user is hidden.
func (h Hiding) Empty() bool { return h.ByGroups == nil }

// Condition returns the faster of the two conditions; some user must be hidden. many reports
// whether the statement reads n users or more. It is not called if Worth is at most uncounted,
// because it would take longer than unneeded marks.
func (h Hiding) Condition(column string, add func(any) string, uncounted int64, many func(n int64) (bool, error)) (string, error) {
	worth := h.Worth <= uncounted
	if !worth {
		var err error
		if worth, err = many(h.Worth); err != nil {
			return "", err
		}
	}
	if worth {
		return h.ByMarks(column, add)
	}
	return h.ByGroups(column, add), nil
}
