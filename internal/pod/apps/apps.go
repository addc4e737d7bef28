// Package apps handles the applications of a company: their attributes and permissions, the keys
// they log in with, and the users for whom they are listed and installed. The frame checks what an
// application may do on behalf of a user; the chapter session handles logins.
package apps

import (
	"podium/internal/journal"
	"podium/internal/op"
)

// Service is the chapter apps. Package pod sets its fields.
type Service struct {
	Journal *journal.Log

	walks walks
}

// Operations returns the operations of this chapter.
func (s *Service) Operations() []op.Bound {
	return op.Bind(s, createApp, updateApp, deleteApp, getApp, listEntitlements, setEntitlements,
		listUserEntitlements, replaceUserEntitlements, patchUserEntitlements, listAppUsers)
}
