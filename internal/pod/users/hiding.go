package users

// Hiding is conditions of SQL that the user of a column, named with its table, is hidden from somebody. add makes a value a parameter of the
// statement and gives its place in it.
type Hiding struct {
	// ByGroups looks at the groups of each user. Nil: nobody is hidden.
	ByGroups func(column string, add func(any) string) string

	// ByMarks looks at nothing in the database, once it is made.
	ByMarks func(column string, add func(any) string) (string, error)

	// Worth is how many users have to be looked at for ByMarks to be quicker.
	Worth int64
}

// Nobody tells whether nobody is hidden.
func (h Hiding) Nobody() bool { return h.ByGroups == nil }

// Condition is the quicker of the two, of a Hiding that hides somebody. many tells whether the statement looks at n users or more; it is not asked where
// Worth is no more than uncounted, since that would take longer than marks that were not needed.
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
