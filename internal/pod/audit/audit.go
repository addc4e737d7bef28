// Package audit is the audit trail: which facts of the log are actions of administrators, how
// clients see them, and who may; and whether the log they come from is as it was written. What
// happened is recorded by the other chapters; here nothing is recorded but that.
package audit

import (
	"crypto/rsa"
	"slices"

	"podium/internal/auth"
	"podium/internal/journal"
	"podium/internal/op"
	"podium/internal/wire"
)

// Service is the chapter audit. Package pod sets its fields.
type Service struct {
	Kinds *journal.Kinds

	// Keys returns the public keys that a company's checkpoints are signed with, by thumbprint.
	Keys func(wire.CompanyID) map[string]*rsa.PublicKey
}

// Operations returns the operations of this chapter.
func (s *Service) Operations() []op.Bound {
	return op.Bind(s, listPrivileged, verifyTrail)
}

// privileged is the published roles whose use is audited.
var privileged = []auth.Role{
	"USER_PROVISIONING", "CONTENT_MANAGEMENT", "EF_POLICY_MANAGEMENT", "SUPER_COMPLIANCE_OFFICER", "COMPLIANCE_OFFICER",
	"SUPER_ADMINISTRATOR", "ADMINISTRATOR", "L1_SUPPORT", "L2_SUPPORT", "SCOPE_MANAGEMENT",
}

// Allowed returns the caller's audited roles by which a fact is an audited action: those that grant
// the rights by which the caller acted. It is for journal.Log.
func Allowed(caller auth.Grant, subject journal.Subject, fact journal.Fact) []auth.Role {
	line := fact.AuditLine(journal.Entry{Company: caller.Company, Actor: caller.User, Subject: subject})
	if line.Why != "" || caller.User == 0 || line.OwnLeftOut && subject.ID == caller.User.String() {
		return nil
	}
	by := caller.By()
	for _, right := range line.Rights {
		if caller.May(right) {
			by = append(slices.Clone(by), right)
		}
	}
	return slices.DeleteFunc(auth.Granting(caller.Roles, by), func(r auth.Role) bool { return !slices.Contains(privileged, r) })
}
