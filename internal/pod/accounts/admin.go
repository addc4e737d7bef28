package accounts

import (
	"podium/internal/auth"
	"podium/internal/op"
)

// Admin holds the operations of administrators on accounts. Package pod sets its fields.
type Admin struct {
	Accounts *Service
}

// administration is the need of the operations that show or change a whole account.
var administration = auth.All(auth.AccessUserProvisioningAPI, auth.AccessAdminAPI)

// provisioning is the need of the other operations on accounts.
var provisioning = auth.All(auth.AccessUserProvisioningAPI)

// Operations returns the operations of this chapter.
func (s *Admin) Operations() []op.Bound {
	return op.Bind(s,
		getUser, createUser, updateUser, getUserV1, createUserV1, updateUserV1,
		getStatus, updateStatus, updateSuspension,
		listRoles, addRole, removeRole,
		listUserDetails, listUserDetailsV3, listUserIDs, findUsers,
		getFeatures, updateFeatures, listFeatures,
	)
}
