package profiles_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"podium/podtest"
)

// TestFactsOfFollowers checks that new and former followers are facts about the followed user, and
// only those whose following changed.
func TestFactsOfFollowers(t *testing.T) {
	t.Parallel()
	podtest.Each(t, func(t *testing.T, p *podtest.Pod) {
		admin, alice, bob, carol := p.Bot("acme-admin"), p.User("alice"), p.User("bob"), p.User("carol")
		change := func(operation string, status int, followers ...int64) {
			admin.Post(fmt.Sprintf("/pod/v1/user/%d/%s", alice.ID, operation), map[string]any{"followers": followers}).Want(status)
		}
		before := len(p.Facts(alice.ID))
		change("follow", 200, bob.ID)
		change("follow", 200, bob.ID)
		change("follow", 200, carol.ID, bob.ID)
		change("unfollow", 200, bob.ID)
		change("unfollow", 200, bob.ID)
		// no account has this id; the other one takes effect
		change("follow", 400, bob.ID, 13056700000001)
		want := []string{
			fmt.Sprintf(`user.followersAdded {"followers":[%d]}`, bob.ID),
			fmt.Sprintf(`user.followersAdded {"followers":[%d]}`, carol.ID),
			fmt.Sprintf(`user.followersRemoved {"followers":[%d]}`, bob.ID),
			fmt.Sprintf(`user.followersAdded {"followers":[%d]}`, bob.ID),
		}
		if got := p.Facts(alice.ID)[before:]; !slices.Equal(got, want) {
			t.Errorf("recorded:\n%s\nnot:\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
		}
	})
}

// TestFactsOfManifests checks that a changed manifest is a fact without the manifest.
func TestFactsOfManifests(t *testing.T) {
	t.Parallel()
	podtest.Each(t, func(t *testing.T, p *podtest.Pod) {
		bot := p.Bot("acme-bot")
		before := len(p.Facts(bot.ID))
		bot.Get("/pod/v1/user/manifest/own").Want(200)
		bot.Post("/pod/v1/user/manifest/own", map[string]string{"manifest": `{"commands":[]}`}).Want(200)
		bot.Post("/pod/v1/user/manifest/own", map[string]string{"manifest": "no JSON"}).Want(400)
		if got := p.Facts(bot.ID)[before:]; !slices.Equal(got, []string{"user.manifestChanged {}"}) {
			t.Errorf("recorded: %v", got)
		}
	})
}
