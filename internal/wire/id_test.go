package wire_test

import (
	"encoding/json"
	"testing"

	"podium/internal/wire"
)

func TestUserID(t *testing.T) {
	t.Parallel()
	id := wire.NewUserID(190, 915)
	if id != 13056700580755 {
		t.Fatalf("190 << 36 | 915 = %d", id)
	}
	if id.Company() != 190 || !id.Plausible() {
		t.Fatalf("company %d, plausible %v", id.Company(), id.Plausible())
	}
	if top := wire.NewUserID(wire.MaxCompany, wire.MaxSequence); top >= 1<<53 || !top.Plausible() {
		t.Fatalf("the highest id, %d, does not fit 53 bits", top)
	}
	for _, n := range []wire.UserID{0, -1, 654321, 190 << 36, 1 << 53} {
		if n.Plausible() {
			t.Errorf("%d passes for a user id", n)
		}
	}
}

func TestUserIDInJSON(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]wire.UserID{`7`: 7, `"7"`: 7, `null`: 1} {
		id := wire.UserID(1)
		if err := json.Unmarshal([]byte(text), &id); err != nil || id != want {
			t.Errorf("%s reads as %d (%v), not %d", text, id, err, want)
		}
	}
	for _, text := range []string{`1.5`, `"x"`, `""`, `true`, `[1]`, `-4`, `99999999999999999999`, `1e3`} {
		var id wire.UserID
		if err := json.Unmarshal([]byte(text), &id); err == nil {
			t.Errorf("%s passes for the user id %d", text, id)
		}
	}
	if data, _ := json.Marshal(wire.UserID(7)); string(data) != "7" {
		t.Errorf("written as %s", data)
	}
}
