package apps

import "podium/internal/wire"

// AccessChanged is told when data changes on which the open sessions of an application depend.
type AccessChanged struct {
	Company wire.CompanyID
	App     string
}

// News returns when it is told.
func (AccessChanged) News() string {
	return "Data changes on which the open sessions of an application depend."
}

// LockedOut is told when an application, or the key it had, may no longer be used.
type LockedOut struct {
	Company wire.CompanyID
	App     string
}

// News returns when it is told.
func (LockedOut) News() string {
	return "An application, or the key it had, may no longer be used: its sessions end."
}

// Uninstalled is told once when applications are uninstalled for a user.
type Uninstalled struct {
	Apps []string
	User wire.UserID
}

// News returns when it is told.
func (Uninstalled) News() string {
	return "Applications are uninstalled for a user: their sessions on behalf of the user end."
}

// ActingEnded is told when an application may no longer act on behalf of users.
type ActingEnded struct {
	Company wire.CompanyID
	App     string
}

// News returns when it is told.
func (ActingEnded) News() string {
	return "An application may no longer act on behalf of users: its sessions on their behalf end."
}
