// Package apps is the applications of a company: their attributes and permissions, the keys they
// log in with, and for whom they are listed and installed. What an application may do on behalf of
// a user is checked by the frame; how it logs in, is in the chapter session.
package apps

import (
	"podium/internal/db"
	"podium/internal/journal"
	"podium/internal/op"
	"podium/internal/wire"
)

// Service is this chapter, filled in by package pod.
type Service struct {
	Journal *journal.Log

	// Changed is called, in the same transaction, when something changed that the
	// application's open sessions depend on.
	Changed []func(tx *db.Tx, company wire.CompanyID, app string) error

	// Barred is called, in the same transaction, when the application may not be used any
	// longer, or not with the key it had: its sessions end.
	Barred []func(tx *db.Tx, company wire.CompanyID, app string) error

	// Uninstalled is called, once in the same transaction, when applications are no longer
	// installed for a user: their sessions on that user's behalf end.
	Uninstalled []func(tx *db.Tx, apps []string, user wire.UserID) error

	// ActingEnded is called, in the same transaction, when the application may no longer act on behalf of
	// users: its sessions on their behalf end.
	ActingEnded []func(tx *db.Tx, company wire.CompanyID, app string) error

	walks walks
}

// Operations returns what this package answers.
func (s *Service) Operations() []op.Bound {
	return op.Bind(s, createApp, updateApp, deleteApp, getApp, listEntitlements, setEntitlements,
		listUserEntitlements, replaceUserEntitlements, patchUserEntitlements, listAppUsers)
}
