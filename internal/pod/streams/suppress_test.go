package streams_test

import (
	"testing"

	"podium/podtest"
)

// say shares an article in a stream, and returns the message's id.
func say(u *podtest.User, stream string) string {
	article := map[string]string{"title": "T", "publisher": "P", "author": "A", "appId": "ticker", "articleId": "7"}
	var said struct{ ID string }
	u.Post("/agent/v3/stream/"+stream+"/share", map[string]any{"type": "com.symphony.sharing.article", "content": article}).Want(200).Into(&said)
	return said.ID
}

func suppress(u *podtest.User, message string) podtest.Answer {
	return u.Post("/pod/v1/admin/messagesuppression/"+message+"/suppress", nil)
}

// TestSuppressionAcrossCompanies checks that an administrator may suppress messages of the own
// company's users anywhere, and others' messages in the own company's streams.
func TestSuppressionAcrossCompanies(t *testing.T) {
	t.Parallel()
	podtest.Each(t, func(t *testing.T, p *podtest.Pod) {
		admin, theirs, alice, dave := p.Bot("acme-admin"), p.Stranger("globex-admin"), p.User("alice"), p.Stranger("dave")
		connect(alice, dave)
		room := newRoom(alice, map[string]any{"name": "two companies", "crossPod": true})
		change(alice, room, "add", dave).Want(200)
		hers, his, another := say(alice, room), say(dave, room), say(dave, room)
		suppress(dave, hers).Want(403)
		suppress(theirs, hers).Want(403) // another company's user, in another company's room
		suppress(theirs, his).Want(200)
		suppress(admin, another).Want(200)
		suppress(admin, hers).Want(200)

		at := newRoom(dave, map[string]any{"name": "at theirs", "crossPod": true})
		change(dave, at, "add", alice).Want(200)
		suppress(admin, say(dave, at)).Want(403)
		suppress(admin, say(alice, at)).Want(200)
		suppress(theirs, say(alice, at)).Want(200)
	})
}

// TestSuppressedOnce checks that of two concurrent calls that suppress a message one takes effect.
func TestSuppressedOnce(t *testing.T) {
	t.Parallel()
	podtest.Each(t, func(t *testing.T, p *podtest.Pod) {
		admin, alice := p.Bot("acme-admin"), p.User("alice")
		room := newRoom(alice, map[string]any{"name": "once"})
		for round := range rounds {
			message := say(alice, room)
			var dates [2]struct{ SuppressionDate int64 }
			atOnce(
				func() podtest.Answer { a := suppress(alice, message); a.Want(200).Into(&dates[0]); return a },
				func() podtest.Answer { a := suppress(admin, message); a.Want(200).Into(&dates[1]); return a },
			)
			if (dates[0].SuppressionDate == 0) == (dates[1].SuppressionDate == 0) {
				t.Fatalf("round %d: %v", round, dates)
			}
		}
	})
}
