package auth_test

import (
	"testing"

	"podium/internal/auth"
)

// What several permissions open together, none of them opens alone, nor does a name that a company
// makes up to look like both.
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
