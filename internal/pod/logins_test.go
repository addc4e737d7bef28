package pod_test

import (
	"strings"
	"testing"

	"podium/internal/pod"
)

// TestWhatCountsAsALogin checks that exactly the operations by which a client proves its identity
// count as logins.
func TestWhatCountsAsALogin(t *testing.T) {
	t.Parallel()
	logins := 0
	for _, b := range pod.Catalogue() {
		want := strings.HasSuffix(b.Path, "/authenticate") || strings.HasSuffix(b.Path, "/extensionApp") || strings.HasPrefix(b.ID, "signIn")
		if b.Login != want {
			t.Errorf("%s (%s): a login: %v", b.ID, b.Path, b.Login)
		}
		if b.Login {
			logins++
		}
		if b.Waits != map[string]bool{"readPresenceFeed": true, "watchPresence": true, "watchTyping": true, "readDatafeed": true, "readEvents": true, "watchEvents": true, "watchInspectedCalls": true, "watchNodeHealth": true, "readDatafeedV1": true, "readDatafeedV2": true, "readDatafeedV4": true, "updateUserAvatar": true, "updateAvatar": true}[b.ID] {
			t.Errorf("%s waits: %v", b.ID, b.Waits)
		}
	}
	if logins < 12 {
		t.Errorf("only %d operations are logins", logins)
	}
}
