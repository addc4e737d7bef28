package bulk

import (
	"hash/maphash"

	"podium/internal/wording"
)

// seen holds hashes of the user names and addresses of rows: for a million rows a dry run needs
// tens of megabytes, not hundreds.
type seen struct {
	seed          maphash.Seed
	names, emails map[uint64]int // → the number of the row
}

func newSeen() *seen {
	return &seen{seed: maphash.MakeSeed(), names: make(map[uint64]int), emails: make(map[uint64]int)}
}

// add adds a row, unless an earlier one has the same name or address: then it returns that row's
// number and what they share. The address of an account that is created disabled is free for
// others.
func (s *seen) add(row Row) (earlier int, what string) {
	name := maphash.String(s.seed, wording.Fold(row.Account.Username))
	email := maphash.String(s.seed, wording.Fold(row.Account.Email))
	if n := s.names[name]; n != 0 {
		return n, "userName"
	}
	if n := s.emails[email]; n != 0 && !row.Account.Disabled {
		return n, "emailAddress"
	}
	s.names[name] = row.Number
	if !row.Account.Disabled {
		s.emails[email] = row.Number
	}
	return 0, ""
}
