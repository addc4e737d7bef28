package clients_test

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"sync"
	"testing"

	"podium/internal/client"
	"podium/internal/db"
	"podium/internal/pod/messages/clients"
	"podium/podtest"
)

func im(one, other *podtest.User) string {
	var made struct {
		ID string `json:"id"`
	}
	one.Post("/pod/v1/im/create", []int64{other.ID}).Want(200).Into(&made)
	return made.ID
}

func room(owner *podtest.User, members ...*podtest.User) string {
	var made struct {
		Info struct {
			ID string `json:"id"`
		} `json:"roomSystemInfo"`
	}
	owner.Post("/pod/v3/room/create", map[string]any{"name": "room", "viewHistory": true}).Want(200).Into(&made)
	for _, u := range members {
		owner.Post("/pod/v1/room/"+made.Info.ID+"/membership/add", map[string]any{"id": u.ID}).Want(200)
	}
	return made.Info.ID
}

func send(u *podtest.User, stream, text string) string {
	var sent struct {
		ID string `json:"messageId"`
	}
	u.Send("/agent/v4/stream/"+stream+"/message/create", map[string]any{"message": "<messageML>" + text + "</messageML>"}).Want(200).Into(&sent)
	return sent.ID
}

// Who follows the typing in a stream hears other members of it, and nobody after leaving.
func TestMembersHearWhoIsTyping(t *testing.T) {
	t.Parallel()
	podtest.Each(t, func(t *testing.T, p *podtest.Pod) {
		alice, bob, carol := p.User("alice"), p.User("bob"), p.User("carol")
		stream, other := room(alice, bob, carol), im(alice, bob)
		events, ended := make(chan clients.Typing, 100), make(chan error, 1)
		go func() {
			_, err := bob.Client.Follow(t.Context(), "/podium/v1/stream/"+stream+"/typing/events", "", func(e client.Event) error {
				var heard clients.Typing
				err := json.Unmarshal([]byte(e.Data), &heard)
				events <- heard
				return err
			})
			ended <- err
		}()
		type in struct {
			stream string
			by     *podtest.User
		}
		tell := func(i in) { i.by.Post("/podium/v1/stream/"+i.stream+"/typing", nil).Want(200) }
		heard := clients.Typing{}
		for heard.User == 0 { // until the stream has begun
			tell(in{stream, alice})
			select {
			case heard = <-events:
			default:
			}
		}
		if int64(heard.User) != alice.ID || string(heard.Stream) != stream {
			t.Errorf("Bob heard %+v", heard)
		}
		tell(in{other, alice})
		tell(in{stream, bob})
		tell(in{stream, carol})
		for {
			if heard = <-events; int64(heard.User) == carol.ID {
				break
			}
			if int64(heard.User) != alice.ID || string(heard.Stream) != stream {
				t.Fatalf("Bob heard %+v", heard)
			}
		}
		alice.Post("/pod/v1/room/"+stream+"/membership/remove", map[string]any{"id": bob.ID}).Want(200)
		tell(in{stream, carol})
		if err := <-ended; err == context.Canceled {
			t.Errorf("the stream of events goes on after Bob has left: %v", err)
		}
		bob.Post("/podium/v1/stream/"+stream+"/typing", nil).Want(403)
	})
}

// TestAuthorsHearWhoReads checks that the author of a message hears at once who has read it, and
// that other members do not.
func TestAuthorsHearWhoReads(t *testing.T) {
	t.Parallel()
	podtest.Each(t, func(t *testing.T, p *podtest.Pod) {
		alice, bob, carol := p.User("alice"), p.User("bob"), p.User("carol")
		stream := room(alice, bob, carol)
		first, second := send(alice, stream, "first"), send(bob, stream, "second")
		events := map[*podtest.User]chan string{alice: make(chan string, 100), bob: make(chan string, 100)}
		for u, heard := range events {
			go u.Client.Follow(t.Context(), "/podium/v1/stream/"+stream+"/typing/events", "", func(e client.Event) error {
				heard <- e.Name + " " + e.Data
				return nil
			})
			for len(heard) == 0 { // until the stream has begun
				carol.Post("/podium/v1/stream/"+stream+"/typing", nil).Want(200)
			}
		}
		read := func(u *podtest.User, message string) {
			u.Post("/podium/v1/stream/"+stream+"/message/"+message+"/read", nil).Want(200)
		}
		next := func(u *podtest.User) string {
			for event := range events[u] {
				if !strings.HasPrefix(event, "typing") {
					return event
				}
			}
			return ""
		}
		read(alice, first) // the own message
		read(carol, first)
		if got := next(alice); !strings.HasPrefix(got, "read ") || !strings.Contains(got, fmt.Sprint(carol.ID)) {
			t.Errorf("Alice hears %q", got)
		}
		read(carol, first) // again: no news
		read(carol, second)
		if got := next(bob); !strings.HasPrefix(got, "read ") || !strings.Contains(got, fmt.Sprint(carol.ID)) {
			t.Errorf("Bob hears %q", got)
		}
		third := send(alice, stream, "third")
		read(bob, third)
		if got := next(alice); !strings.Contains(got, fmt.Sprint(bob.ID)) {
			t.Errorf("Alice hears %q, not of Bob: Carol's reading of Bob's message, or the same twice", got)
		}
	})
}

// A user who marks several messages at the same time adds at most one row for each, and the mark
// never goes back.
func TestMarksNeverGoBack(t *testing.T) {
	t.Parallel()
	podtest.Each(t, func(t *testing.T, p *podtest.Pod) {
		alice, bob := p.User("alice"), p.User("bob")
		stream := im(alice, bob)
		var ids []string
		for range 5 {
			ids = append(ids, send(alice, stream, "text"))
		}
		var group sync.WaitGroup
		for _, id := range append(ids, ids...) {
			group.Go(func() { bob.Post("/podium/v1/stream/"+stream+"/message/"+id+"/read", nil).Want(200) })
		}
		group.Wait()
		if n := p.Number(t, `
			SELECT COUNT(*) FROM read_marks a
			WHERE EXISTS (SELECT 1 FROM read_marks b WHERE b.stream = a.stream AND b.user_id = a.user_id AND b.message > a.message AND b.at < a.at)`); n != 0 {
			t.Errorf("%d marks went back", n)
		}
		var status struct {
			Read []struct {
				UserID string `json:"userId"`
			} `json:"read"`
		}
		for _, id := range ids {
			if alice.Get("/pod/v1/message/" + id + "/status").Want(200).Into(&status); len(status.Read) != 1 {
				t.Errorf("message %s was read by %v", id, status.Read)
			}
		}
	})
}

// The submissions of forms are loaded by their numbers, as the event tells them.
func TestSubmissionsAreLoaded(t *testing.T) {
	t.Parallel()
	podtest.Each(t, func(t *testing.T, p *podtest.Pod) {
		bot, alice := p.Bot("acme-bot"), p.User("alice")
		stream := room(bot, alice)
		form := send(bot, stream, `<form id="f"><text-field name="t"/><button name="ok">OK</button></form>`)
		body := map[string]any{"formId": "f", "formValues": map[string]any{"action": "ok", "t": "x"}}
		alice.Post("/podium/v1/stream/"+stream+"/message/"+form+"/form/submit", body).Want(200)
		number := p.Number(t, `SELECT message FROM happenings WHERE kind = 3`)
		p.Write(t, func(tx *db.Tx) error {
			found, err := clients.Submissions(tx, []int64{number, 1 << 40})
			s := found[number]
			if len(found) != 1 || string(s.Message) != form || int64(s.Author) != bot.ID || int64(s.User) != alice.ID || s.FormID != "f" ||
				string(s.Values) != `{"action":"ok","t":"x"}` || s.ID == "" || s.At == 0 {
				t.Errorf("loaded: %+v", found)
			}
			return err
		})
		if n := p.Number(t, `SELECT about FROM happenings WHERE kind = 3`); n != bot.ID {
			t.Errorf("the event is for %d", n)
		}
	})
}
