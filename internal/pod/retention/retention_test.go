package retention_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"image"
	"image/png"
	"log/slog"
	"net/http"
	"path/filepath"
	"testing"
	"time"

	"podium/internal/blob"
	"podium/internal/db/dbtest"
	"podium/podtest"
)

const year = 365 * 24 * time.Hour

type file struct {
	Name   string `json:"name"`
	Base64 []byte `json:"base64"`
}

// bench is a pod with a clock and a store of files.
type bench struct {
	*podtest.Pod
	t     *testing.T
	clock *podtest.Clock
	store blob.Store
}

func each(t *testing.T, test func(b bench)) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, kind dbtest.Kind) {
		store, err := blob.OpenFolder(filepath.Join(t.TempDir(), "files"), slog.New(slog.DiscardHandler))
		if err != nil {
			t.Fatal(err)
		}
		clock := podtest.NewClock()
		test(bench{podtest.StartOn(t, kind, podtest.WithClock(clock), podtest.WithBlobs(store)), t, clock, store})
	})
}

// pass moves the clock and logs users in again, whose sessions have ended meanwhile.
func (b bench) pass(d time.Duration, users ...*podtest.User) {
	b.t.Helper()
	b.clock.Advance(d)
	for _, u := range users {
		u.Login()
	}
}

func (b bench) room(owner *podtest.User, others ...*podtest.User) string {
	b.t.Helper()
	var room struct {
		RoomSystemInfo struct{ ID string }
	}
	owner.Post("/pod/v3/room/create", map[string]any{"name": fmt.Sprintf("room of %d", len(others)), "description": "x", "crossPod": true}).Want(200).Into(&room)
	for _, u := range others {
		owner.Post("/pod/v1/room/"+room.RoomSystemInfo.ID+"/membership/add", map[string]any{"id": u.ID}).Want(200)
	}
	return room.RoomSystemInfo.ID
}

// say sends a message with files and perhaps previews.
func (b bench) say(u *podtest.User, stream, text string, previews []file, files ...file) (id string) {
	b.t.Helper()
	in := map[string]any{"message": "<messageML>" + text + "</messageML>"}
	if len(files) > 0 {
		in["attachment"] = files
	}
	if len(previews) > 0 {
		in["preview"] = previews
	}
	body, _ := json.Marshal(in)
	var sent struct{ MessageID string }
	u.Call(podtest.Operation(b.t, "createMessage"), map[string]string{"sid": stream}, body).Want(http.StatusOK).Into(&sent)
	return sent.MessageID
}

func (b bench) keep(admin *podtest.User, days any) {
	b.t.Helper()
	admin.Put("/podium/v1/admin/retention", map[string]any{"messageDays": days}).Want(200)
}

func (b bench) sweep() {
	b.t.Helper()
	if err := b.Inner.Retention.Sweep(b.t.Context()); err != nil {
		b.t.Fatal(err)
	}
}

func (b bench) has(content []byte) bool {
	sum := sha256.Sum256(content)
	r, _, err := b.store.Get(b.t.Context(), sum)
	if err == nil {
		r.Close()
	}
	return err == nil
}

// read returns the status of reading a message.
func (b bench) read(u *podtest.User, message string) int {
	b.t.Helper()
	return u.Get("/agent/v1/message/" + message).Status
}

func (b bench) left(text string) int64 {
	b.t.Helper()
	return b.Number(b.t, `SELECT count(*) FROM stream_messages WHERE body LIKE $1 OR words LIKE $1 OR data LIKE $1 OR content LIKE $1`, "%"+text+"%")
}

// TestOldMessagesAreRemoved checks that texts, tags and files of old messages go, in every place
// that has them, and that the messages of other times and other companies stay.
func TestOldMessagesAreRemoved(t *testing.T) {
	each(t, func(b bench) {
		alice, bob, stranger, admin := b.User("alice"), b.User("bob"), b.Stranger("dave"), b.Bot("acme-admin")
		stream := b.room(alice, bob)
		own := b.room(stranger, b.Stranger("erin"))
		old := b.say(alice, stream, fmt.Sprintf(`elderly <hash tag="deal"/> <mention uid="%d"/>`, alice.ID), nil, file{"a.txt", []byte("elderly")})
		theirs := b.say(stranger, own, "elderly too", nil)
		b.pass(year, alice, bob, stranger, admin)
		young := b.say(bob, stream, `youthful <hash tag="deal"/>`, nil, file{"b.txt", []byte("youthful")})
		b.clock.Advance(2 * time.Hour)

		b.sweep()                               // nothing is set
		b.keep(b.Stranger("globex-admin"), nil) // its messages are as old
		b.sweep()
		if b.read(alice, old) != 200 || !b.has([]byte("elderly")) {
			t.Fatal("a message is removed though everything is kept")
		}
		b.keep(admin, 365)
		b.sweep()
		if status := b.read(alice, old); status != http.StatusNoContent {
			t.Errorf("an old message: %d", status)
		}
		if b.read(alice, young) != 200 || b.read(stranger, theirs) != 200 {
			t.Error("a young message or another company's is removed")
		}
		if n := b.left("elderly"); n != 1 {
			t.Errorf("%d rows have the text, one is the other company's", n)
		}
		if n := b.Number(t, `SELECT count(*) FROM message_tags`); n != 1 {
			t.Errorf("%d tags are left, one is of a young message", n)
		}
		if n := b.Number(t, `SELECT count(*) FROM stream_messages WHERE removed > 0 AND author > 0 AND at > 0 AND stream > 0`); n != 1 {
			t.Errorf("%d removed messages have author, time and stream", n)
		}
		var list []struct{ MessageID string }
		alice.Get("/agent/v4/stream/" + stream + "/message?since=0").Want(200).Into(&list)
		if len(list) != 1 || list[0].MessageID != young {
			t.Errorf("the stream has %v", list)
		}
		alice.Get("/agent/v1/message/search?query=streamId:" + stream + "%20AND%20text:elderly").Want(200).Into(&list)
		if len(list) != 0 {
			t.Errorf("a search finds %v", list)
		}

		b.clock.Advance(25 * time.Hour)
		if err := b.Inner.Files.SweepAll(t.Context()); err != nil {
			t.Fatal(err)
		}
		if b.has([]byte("elderly")) || !b.has([]byte("youthful")) {
			t.Error("the wrong contents are in the store")
		}
		alice.Login()
		b.sweep()
		if b.read(alice, young) != 200 {
			t.Error("a message of a day is removed after a year's retention was set")
		}
		b.pass(year, alice)
		b.sweep()
		if status := b.read(alice, young); status != http.StatusNoContent {
			t.Errorf("after another year: %d", status)
		}
	})
}

// TestSharedContentsStay checks that a content stays while a young message names it, as its file or
// as a preview of another file.
func TestSharedContentsStay(t *testing.T) {
	each(t, func(b bench) {
		alice, admin := b.User("alice"), b.Bot("acme-admin")
		stream := b.room(alice, b.User("bob"))
		thumb := picture(1)
		b.say(alice, stream, "one", []file{{"t.png", thumb}}, file{"one.pdf", []byte("%PDF-1.4 one")})
		b.say(alice, stream, "two", nil, file{"same.txt", []byte("same")})
		b.pass(year, alice, admin)
		third := b.say(alice, stream, "three", []file{{"t.png", thumb}}, file{"three.pdf", []byte("%PDF-1.4 three")})
		b.say(alice, stream, "four", nil, file{"same.txt", []byte("same")})
		b.clock.Advance(time.Hour)
		b.keep(admin, 365)
		b.sweep()
		b.clock.Advance(25 * time.Hour)
		if err := b.Inner.Files.SweepAll(t.Context()); err != nil {
			t.Fatal(err)
		}
		alice.Login()
		for content, want := range map[string]bool{string(thumb): true, "same": true, "%PDF-1.4 one": false, "%PDF-1.4 three": true} {
			if got := b.has([]byte(content)); got != want {
				t.Errorf("a content is in the store: %v, expected %v (%.12q)", got, want, content)
			}
		}
		if n := b.Number(t, `SELECT count(*) FROM blobs WHERE used < 0`); n != 0 {
			t.Errorf("%d contents are still in doubt", n)
		}
		sum := sha256.Sum256(thumb)
		if n := b.Number(t, `SELECT count(*) FROM blobs WHERE used = 0 AND sha256 = $1`, hex.EncodeToString(sum[:])); n != 1 {
			t.Error("the preview of a young message may be deleted")
		}
		if b.read(alice, third) != 200 {
			t.Error("the young message is gone")
		}
	})
}

// TestManyOldMessages checks that a sweep reaches all messages, over several transactions, and that
// an earlier sweep's place is where the next one begins.
func TestManyOldMessages(t *testing.T) {
	each(t, func(b bench) {
		alice, admin := b.User("alice"), b.Bot("acme-admin")
		stream := b.room(alice, b.User("bob"))
		const many = 1100 // more than two transactions
		for i := range many {
			b.say(alice, stream, fmt.Sprintf("elderly %d", i), nil)
		}
		b.pass(2*24*time.Hour, admin)
		b.keep(admin, 1)
		b.sweep()
		if n := b.left("elderly"); n != 0 {
			t.Errorf("%d of %d are left", n, many)
		}
		if n := b.Number(t, `SELECT upto FROM retention`); n != b.Number(t, `SELECT max(number) FROM stream_messages`) {
			t.Errorf("the sweep ended at %d", n)
		}
	})
}

// picture returns a small PNG.
func picture(shade uint8) []byte {
	var out bytes.Buffer
	p := image.NewGray(image.Rect(0, 0, 4, 4))
	p.Pix[0] = shade
	if err := png.Encode(&out, p); err != nil {
		panic(err)
	}
	return out.Bytes()
}
