package podtest

import (
	"testing"

	"podium/internal/op"
	"podium/internal/pod"
)

// Operation returns the operation with an id, for User.Call.
func Operation(t testing.TB, id string) op.Bound {
	t.Helper()
	for _, o := range pod.Catalogue() {
		if o.ID == id {
			return o
		}
	}
	t.Fatalf("there is no operation %s", id)
	return op.Bound{}
}
