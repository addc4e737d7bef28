// Package agent is what the published Agent says about itself: its version, its health, and an echo
// for tests. The Agent's other operations are in the chapters of what they are about.
package agent

import (
	"context"
	"runtime/debug"

	"podium/internal/db"
	"podium/internal/op"
	"podium/internal/wire"
)

// Service answers the operations of this package.
type Service struct {
	DB *db.DB

	// Live reports whether a session token of a company is valid.
	Live func(ctx context.Context, company wire.CompanyID, token string) bool
}

// Operations returns the operations of this package.
func (s *Service) Operations() []op.Bound {
	return op.Bind(s, info, health, extendedHealth, healthV1, healthV2, echo, obsolete)
}

// Revision returns the revision that the program was built from; empty if it is not known.
func Revision() string {
	build, ok := debug.ReadBuildInfo()
	if !ok {
		return ""
	}
	for _, s := range build.Settings {
		if s.Key == "vcs.revision" {
			return s.Value
		}
	}
	return ""
}
