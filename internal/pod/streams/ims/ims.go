// Package ims opens IMs and MIMs, and reads and changes them.
package ims

import (
	"podium/internal/journal"
	"podium/internal/op"
)

// Service answers the operations on IMs. Package pod sets its fields.
type Service struct {
	Journal *journal.Log
}

// Operations returns the operations of this package.
func (s *Service) Operations() []op.Bound {
	return op.Bind(s, createIM, createIMAsAdmin, updateIM, imInfo)
}
