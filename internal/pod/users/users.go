// Package users is the accounts of people and of services: who there is, their state,
// their roles and the RSA keys they log in with. How they log in, and what ends their
// sessions, is in the chapter session.
package users

import (
	"podium/internal/db"
	"podium/internal/event"
	"podium/internal/wire"
)

// Service is this chapter, filled in by package pod.
type Service struct {
	Events *event.Log

	// Changed is called, in the same transaction, when something changed that the user's
	// open sessions depend on: roles, state, keys.
	Changed []func(tx *db.Tx, user wire.UserID) error

	// Barred is called, in the same transaction, when the user may not use the pod any
	// longer: disabled or suspended.
	Barred []func(tx *db.Tx, user wire.UserID) error

	// KeyRevoked is called, in the same transaction, when a key of the user's was revoked.
	KeyRevoked []func(tx *db.Tx, user wire.UserID) error
}

// tell calls each of the functions that follow a change of a user.
func tell(functions []func(*db.Tx, wire.UserID) error, tx *db.Tx, id wire.UserID) error {
	for _, f := range functions {
		if err := f(tx, id); err != nil {
			return err
		}
	}
	return nil
}
