// Package apps handles the applications of a company: their attributes and permissions, the keys
// they log in with, and the users for whom they are listed and installed. The frame checks what an
// application may do on behalf of a user; the chapter session handles logins.
package apps

import (
	"podium/internal/db"
	"podium/internal/journal"
	"podium/internal/op"
	"podium/internal/wire"
)

// Service is the chapter apps. Package pod sets its fields.
type Service struct {
	Journal *journal.Log

	// Changed is called in the transaction that changes data on which the application's open
	// sessions depend.
	Changed []func(tx *db.Tx, company wire.CompanyID, app string) error

	// Barred is called in the transaction after which the application, or the key it had, may no
	// longer be used: its sessions end.
	Barred []func(tx *db.Tx, company wire.CompanyID, app string) error

	// Uninstalled is called in the transaction that uninstalls applications for a user, once: their
	// sessions on that user's behalf end.
	Uninstalled []func(tx *db.Tx, apps []string, user wire.UserID) error

	// ActingEnded is called in the transaction after which the application may no longer act on
	// behalf of users: its sessions on their behalf end.
	ActingEnded []func(tx *db.Tx, company wire.CompanyID, app string) error

	walks walks
}

// Operations returns the operations of this chapter.
func (s *Service) Operations() []op.Bound {
	return op.Bind(s, createApp, updateApp, deleteApp, getApp, listEntitlements, setEntitlements,
		listUserEntitlements, replaceUserEntitlements, patchUserEntitlements, listAppUsers)
}
