// Package admin holds the operations by which administrators create, read, change and list
// accounts: their attributes, keys, roles, features and status. It turns bodies into calls of
// package accounts, which has the rules, and accounts into answers.
package admin

import (
	"podium/internal/auth"
	"podium/internal/op"
	"podium/internal/pod/accounts"
)

// Service is the chapter admin. Package pod sets its fields.
type Service struct {
	Accounts *accounts.Service
}

// administration is the need of the operations that show or change a whole account.
var administration = auth.All(auth.AccessUserProvisioningAPI, auth.AccessAdminAPI)

// provisioning is the need of the other operations on accounts.
var provisioning = auth.All(auth.AccessUserProvisioningAPI)

// Operations returns the operations of this chapter.
func (s *Service) Operations() []op.Bound {
	return op.Bind(s,
		getUser, createUser, updateUser, getUserV1, createUserV1, updateUserV1,
		getStatus, updateStatus, updateSuspension,
		listRoles, addRole, removeRole,
		listUserDetails, listUserDetailsV3, listUserIDs, findUsers,
		getFeatures, updateFeatures, listFeatures,
	)
}
