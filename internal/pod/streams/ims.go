package streams

import (
	"podium/internal/journal"
	"podium/internal/op"
)

// IMs opens IMs and MIMs, and reads and changes them.
type IMs struct {
	Journal *journal.Log
}

// Operations returns the operations of this package.
func (s *IMs) Operations() []op.Bound {
	return op.Bind(s, createIM, createIMAsAdmin, updateIM, imInfo)
}
