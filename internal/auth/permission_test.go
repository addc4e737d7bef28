package auth_test

import (
	"testing"

	"podium/internal/auth"
)

// TestTogether checks that none of several permissions alone opens what they open together, and
// that a company's own permission named "A+B" does not either.
func TestTogether(t *testing.T) {
	t.Parallel()
	both := auth.Together(auth.GetBasicContactInfo, auth.SendMessages)
	for _, c := range []struct {
		held []auth.Permission
		want bool
	}{
		{nil, false},
		{[]auth.Permission{auth.GetBasicContactInfo}, false},
		{[]auth.Permission{auth.SendMessages}, false},
		{[]auth.Permission{both}, false},
		{[]auth.Permission{auth.SendMessages, auth.GetPresence, auth.GetBasicContactInfo}, true},
	} {
		caller := auth.Caller{Permissions: c.held}
		if got := caller.Permitted(both); got != c.want {
			t.Errorf("%v: %t", c.held, got)
		}
	}
}
