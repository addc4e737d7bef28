package auth

// Grant is a caller who may do something, with the rights that allow it. The fact of what was done
// records both. Need.Check decides for the operation; chapters decide about single things, such as
// a room.
type Grant struct {
	Caller
	by []Right
}

// Actor is the one who does what a fact records: a Caller, by what the operation needs, or a Grant.
type Actor interface {
	Granted() Grant
}

// Granted returns the grant of the operation's Need.
func (c Caller) Granted() Grant { return Grant{Caller: c, by: c.by} }

// ByRight returns the grant of a caller who acts by a right over the thing in question.
func (c Caller) ByRight(r Right) Grant {
	c.usage.note(c, r)
	return Grant{Caller: c, by: []Right{r}}
}

// AsConsequence returns the grant of what follows from another fact. That fact records the rights.
func (c Caller) AsConsequence() Grant { return Grant{Caller: c} }

// Granted returns g itself.
func (g Grant) Granted() Grant { return g }

// By returns the rights by which the caller acts. It returns none for what every caller may do, and
// for the caller's own data.
func (g Grant) By() []Right { return g.by }

// UsesRight reports whether the caller acts by a right.
func (g Grant) UsesRight() bool { return len(g.by) > 0 }
