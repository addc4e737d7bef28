package pod_test

import (
	"context"
	"fmt"
	"net/url"
	"testing"

	"podium/internal/db"
	"podium/internal/db/dbtest"
	"podium/podtest"
)

// TestNamesOfEarlierVersionsAreFoldedAgain checks a database of an earlier version, in which
// invisible characters made names different. Stored names are folded again, names that are now
// equal remain, and all can be changed.
func TestNamesOfEarlierVersionsAreFoldedAgain(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, kind dbtest.Kind) {
		address := dbtest.URL(t, kind)
		clock := podtest.NewClock()
		before := podtest.StartOn(t, kind, podtest.WithClock(clock), podtest.FreshAt(address))
		alice := before.User("alice")
		rooms := map[string]string{}
		for _, name := range []string{"Persian", "Desk", "Twin", "Unseen"} {
			var room struct {
				Info struct {
					ID string `json:"id"`
				} `json:"roomSystemInfo"`
			}
			alice.Post("/pod/v3/room/create", map[string]any{"name": name}).Want(200).Into(&room)
			rooms[name] = room.Info.ID
		}
		barrier := before.Barrier("x")
		barrier.KeepApart([]*podtest.User{alice}, []*podtest.User{before.User("bob")})
		_, err := db.Write(context.Background(), before.Inner.DB, func(tx *db.Tx) (struct{}, error) {
			for _, statement := range []string{
				"UPDATE streams SET name = 'می\u200cخواهم', name_key = 'می\u200cخواهم' WHERE name = 'Persian'",
				"UPDATE streams SET name = 'De\u200bsk', name_key = 'de\u200bsk' WHERE name = 'Twin'",
				"UPDATE streams SET name = '\u200b', name_key = '\u200b' WHERE name = 'Unseen'",
				"UPDATE users SET email = 'o\u200bld@acme.example', email_folded = 'o\u200bld@acme.example' WHERE username = 'alice'",
				"UPDATE users SET email = 'al\u200bice@acme.example', email_folded = 'al\u200bice@acme.example', username = 'b\u00adob', username_folded = 'b\u00adob2' WHERE username = 'bob'",
				"UPDATE folds SET rules = 0",
			} {
				if err := tx.Exec(statement); err != nil {
					return struct{}{}, fmt.Errorf("%s: %w", statement, err)
				}
			}
			return struct{}{}, nil
		})
		if err != nil {
			t.Fatal(err)
		}
		after := podtest.StartOn(t, kind, podtest.WithClock(clock), podtest.OnDatabase(address))
		alice = after.User("alice")

		// A name that now equals another one is taken.
		alice.Post("/pod/v3/room/create", map[string]any{"name": "میخواهم"}).Want(400)
		alice.Post("/pod/v3/room/create", map[string]any{"name": "می\u200cخواهم"}).Want(400)
		alice.Post("/pod/v3/room/create", map[string]any{"name": "desk"}).Want(400)
		for _, email := range []string{"old@acme.example", "o\u200bld@acme.example", "OLD@acme.example"} {
			alice.Get("/pod/v2/user?local=true&email=" + url.QueryEscape(email)).Want(200)
		}
		alice.Get("/pod/v2/user?local=true&username=bob2").Want(200)
		// What a change does not concern stays, however it is named; and a name may be corrected.
		for name, id := range rooms {
			alice.Post("/pod/v3/room/"+id+"/update", map[string]any{"description": "of " + name}).Want(200)
		}
		alice.Post("/pod/v3/room/"+rooms["Twin"]+"/update", map[string]any{"name": "Desk"}).Want(400)
		alice.Post("/pod/v3/room/"+rooms["Twin"]+"/update", map[string]any{"name": "Desk 2"}).Want(200)
		alice.Post("/pod/v3/room/"+rooms["Unseen"]+"/update", map[string]any{"name": "Seen"}).Want(200)
		bob := after.User("bob")
		admin := after.Bot("acme-admin")
		admin.Post(fmt.Sprintf("/pod/v2/admin/user/%d/update", bob.ID), map[string]any{"title": "Trader"}).Want(200)
	})
}
