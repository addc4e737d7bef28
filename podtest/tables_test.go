package podtest_test

import (
	"slices"
	"strconv"
	"strings"
	"testing"

	"podium/podtest"
)

func TestTablesTellWhatACallChanged(t *testing.T) {
	t.Parallel()
	podtest.Each(t, func(t *testing.T, p *podtest.Pod) {
		admin := p.Bot("acme-admin")
		alice := p.User("alice")
		before := p.Tables()
		if seen := strings.Count(before["users"], `"username":`); seen < 5 {
			t.Fatalf("%d accounts are seen in %s", seen, before["users"])
		}
		before.WantSame(t, p.Tables())
		admin.Post("/pod/v1/user/"+wireID(alice.ID)+"/follow", map[string]any{"followers": []int64{admin.ID}}).Want(200)
		var names []string
		for _, c := range before.Changed(p.Tables()) {
			names = append(names, c.Table)
			if c.Table == "follows" && (len(c.Come) != 1 || len(c.Gone) != 0 || !strings.Contains(c.String(), wireID(alice.ID))) {
				t.Errorf("%s", c)
			}
		}
		if !slices.Contains(names, "follows") {
			t.Errorf("changed: %v", names)
		}
		if _, ok := p.Tables("follows")["follows"]; ok {
			t.Error("a table that was left out is there")
		}
	})
}

func wireID(id int64) string { return strconv.FormatInt(id, 10) }
