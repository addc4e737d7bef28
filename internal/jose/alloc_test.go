//go:build !race

package jose

import "testing"

// TestVerifySessionAllocatesLittle is not parallel, because counting allocations cannot be. It does
// not run under the race detector, which makes a sync.Pool drop values at random.
func TestVerifySessionAllocatesLittle(t *testing.T) {
	keys := SessionKeys{Current: sessionKey(t, "p"), Previous: sessionKey(t, "k")}
	token := SignSession(keys.Previous, SessionClaims{Subject: "quote-bot", SessionID: sessionID, UserID: 13056700580915})
	got := testing.AllocsPerRun(1000, func() {
		if _, err := VerifySession(keys, token); err != nil {
			t.Fatal(err)
		}
	})
	if got > 2 {
		t.Errorf("%v allocations, more than 2", got)
	}
}
