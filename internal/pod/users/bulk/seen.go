package bulk

import (
	"hash/maphash"

	"podium/internal/pod/users"
)

// seen is the user names and addresses of rows that were read, as hashes: of a million rows a
// dry run remembers tens of megabytes, not hundreds.
type seen struct {
	seed          maphash.Seed
	names, emails map[uint64]int // → the number of the row
}

func newSeen() *seen {
	return &seen{seed: maphash.MakeSeed(), names: make(map[uint64]int), emails: make(map[uint64]int)}
}

// add remembers a row, unless an earlier one has the same name or address: then it tells which,
// and what they share. The address of an account that begins disabled is free for others.
func (s *seen) add(row Row) (earlier int, what string) {
	name := maphash.String(s.seed, users.Fold(row.Account.Username))
	email := maphash.String(s.seed, users.Fold(row.Account.Email))
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
