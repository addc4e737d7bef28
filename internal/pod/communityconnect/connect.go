// Package communityconnect handles sponsored users: people of other companies, who get accounts of
// the company that sponsors them. The companies of those people are channel companies. They have a
// name and domains, and no accounts, keys or settings of their own. Package accounts holds the
// accounts, and the operations of administrators show and change the same ones.
package communityconnect

import (
	"podium/internal/auth"
	"podium/internal/journal"
	"podium/internal/op"
	"podium/internal/pod/accounts"
	"podium/internal/pod/companies"
)

// Service is the chapter communityconnect. Package pod sets its fields.
type Service struct {
	Journal   *journal.Log
	Accounts  *accounts.Service
	Companies *companies.Directory
}

// Operations returns the operations of this chapter.
func (s *Service) Operations() []op.Bound {
	return op.Bind(s, getAvailability, searchUser, createUsers, getUser, updateUser, disableUser, addRole)
}

// scope is the scope of access tokens for this chapter.
const scope = "community:accounts:onboard"

// The needs are those of the operations of administrators that do the same, and the scope.
var (
	provisioning = auth.Scoped(scope, auth.AccessUserProvisioningAPI)
	reading      = auth.Scoped(scope, auth.AccessUserProvisioningAPI, auth.AccessAdminAPI)
	creating     = auth.Scoped(scope, auth.AccessUserProvisioningAPI, auth.AccessAdminAPI, auth.CreateEndUserAccount)
	changing     = auth.Scoped(scope, auth.AccessUserProvisioningAPI, auth.AccessAdminAPI, auth.ModifyEndUserAccount)
)

const tag = "Community Connect"
