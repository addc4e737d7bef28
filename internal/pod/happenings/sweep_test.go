package happenings_test

import (
	"context"
	"testing"
	"time"

	"podium/internal/db"
	"podium/internal/db/dbtest"
	"podium/internal/pod/happenings"
	"podium/podtest"
)

// TestHappeningsAreKeptForADay checks that a message's place in the log is removed after a day, and
// not before. The message stays.
func TestHappeningsAreKeptForADay(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, kind dbtest.Kind) {
		clock := podtest.NewClock()
		p := podtest.StartOn(t, kind, podtest.WithClock(clock))
		alice := p.User("alice")
		var room struct {
			Info struct {
				ID string `json:"id"`
			} `json:"roomSystemInfo"`
		}
		alice.Post("/pod/v3/room/create", map[string]any{"name": "kept"}).Want(200).Into(&room)
		send := func() {
			alice.Send("/agent/v4/stream/"+room.Info.ID+"/message/create", map[string]any{"message": "<messageML>x</messageML>"}).Want(200)
		}
		sweep := func() int64 {
			n, err := db.Write(context.Background(), p.Inner.DB, happenings.SweepSome)
			if err != nil {
				t.Fatal(err)
			}
			return n
		}
		send()
		clock.Advance(time.Hour)
		send()
		clock.Advance(23*time.Hour - time.Millisecond)
		if n := sweep(); n != 0 {
			t.Errorf("%d happenings were removed within the day", n)
		}
		clock.Advance(2 * time.Millisecond)
		if n := sweep(); n != 2 {
			t.Errorf("%d happenings were removed, not those of the room and of the first message", n)
		}
		if n := p.Number(t, `SELECT COUNT(*) FROM stream_messages`); n != 2 {
			t.Errorf("there are %d messages", n)
		}
	})
}
