package messages_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"podium/internal/blob"
	"podium/internal/db"
	"podium/internal/db/dbtest"
	"podium/internal/pod/messages/files"
	"podium/internal/wire"
	"podium/podtest"
)

// watched is a blob store that calls functions before it deletes and after it stores.
type watched struct {
	blob.Store
	mu      sync.Mutex
	deleted func()
	stored  func()
}

func (w *watched) Delete(ctx context.Context, sum blob.Sum) error {
	w.mu.Lock()
	fn := w.deleted
	w.mu.Unlock()
	if fn != nil {
		fn()
	}
	return w.Store.Delete(ctx, sum)
}

func (w *watched) Put(ctx context.Context, sum blob.Sum, size int64, content io.ReadSeeker) error {
	err := w.Store.Put(ctx, sum, size, content)
	w.mu.Lock()
	fn := w.stored
	w.mu.Unlock()
	if fn != nil {
		fn()
	}
	return err
}

func (w *watched) set(deleted, stored func()) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.deleted, w.stored = deleted, stored
}

func newWatched(t *testing.T) *watched {
	t.Helper()
	folder, err := blob.OpenFolder(filepath.Join(t.TempDir(), "files"), slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	return &watched{Store: folder}
}

func (w *watched) has(t *testing.T, data []byte) bool {
	t.Helper()
	content, _, err := w.Get(t.Context(), sha256.Sum256(data))
	if errors.Is(err, blob.ErrNone) {
		return false
	}
	if err != nil {
		t.Fatal(err)
	}
	content.Close()
	return true
}

// upload uploads a file without sending it, by an older operation.
func upload(t *testing.T, u *podtest.User, stream string, f file) (id string) {
	t.Helper()
	body, _ := json.Marshal(map[string]any{"file": f})
	var made struct {
		ID   string `json:"id"`
		Name string `json:"name"`
		Size int64  `json:"size"`
	}
	u.Call(podtest.Operation(t, "createAttachmentV3"), map[string]string{"sid": stream}, body).Want(http.StatusOK).Into(&made)
	if made.Name != f.Name || made.Size != int64(len(f.Base64)) {
		t.Errorf("%+v", made)
	}
	return made.ID
}

func sweep(t *testing.T, p *podtest.Pod) {
	t.Helper()
	if err := p.Inner.Files.SweepAll(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// TestContentsThatNoRowNamesAreDeleted checks that the sweeper deletes a content 24 hours after it
// was stored last, or after its pending file has expired, and keeps those of messages and of
// previews.
func TestContentsThatNoRowNamesAreDeleted(t *testing.T) {
	t.Parallel()
	store := newWatched(t)
	clock := podtest.NewClock()
	p := podtest.Start(t, podtest.WithBlobs(store), podtest.WithClock(clock))
	alice := p.User("alice")
	stream := makeRoom(alice, nil)
	named, pending, left, strange, picture := []byte("named"), []byte("pending"), []byte("left"), []byte("strange"), drawn(t, 1200, 10)
	var m sent
	send(t, alice, stream, []file{{"a.txt", named}, {"b.png", picture}}).Want(http.StatusOK).Into(&m)
	upload(t, alice, stream, file{"a.txt", pending})
	store.set(nil, func() { alice.Post("/pod/v1/room/"+stream+"/setActive?active=false", nil).Want(http.StatusOK) })
	send(t, alice, stream, []file{{"a.txt", left}}).Want(http.StatusBadRequest)
	store.set(nil, nil)
	if err := store.Put(t.Context(), sha256.Sum256(strange), int64(len(strange)), bytes.NewReader(strange)); err != nil {
		t.Fatal(err)
	}
	if err := p.Inner.Files.Adopt(t.Context()); err != nil {
		t.Fatal(err)
	}
	check := func(when string, pendingIs, leftIs bool) {
		t.Helper()
		sweep(t, p)
		for name, c := range map[string]struct {
			data []byte
			want bool
		}{"named": {named, true}, "picture": {picture, true}, "pending": {pending, pendingIs}, "left": {left, leftIs}, "strange": {strange, leftIs}} {
			if got := store.has(t, c.data); got != c.want {
				t.Errorf("%s, %s: stored is %v", when, name, got)
			}
		}
	}
	check("at once", true, true)
	clock.Advance(23 * time.Hour)
	check("after 23 hours", true, true)
	clock.Advance(2 * time.Hour)
	check("after 25 hours", true, false)
	if n := p.Number(t, `SELECT COUNT(*) FROM pending_files`); n != 0 {
		t.Errorf("%d pending files are left", n)
	}
	clock.Advance(24 * time.Hour)
	check("after 49 hours", false, false)
	alice.Login()
	if got := content(t, read(alice, stream, m.ID, m.Attachments[1].Images[0].ID)); len(got) == 0 {
		t.Error("the preview is gone")
	}
}

// TestSweepBesideMessage checks that a content is not lost if a message with it is sent while the
// sweeper deletes it.
func TestSweepBesideMessage(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, kind dbtest.Kind) {
		store := newWatched(t)
		p := podtest.StartOn(t, kind, podtest.WithBlobs(store))
		alice := p.User("alice")
		stream := makeRoom(alice, nil)
		for i := range 10 {
			data := random(100 + i)
			upload(t, alice, stream, file{"a.zip", data})
			p.Write(t, func(tx *db.Tx) error { return tx.Exec(`UPDATE blobs SET used = 1 WHERE used <> 0`) }) // long ago
			begun, done := make(chan struct{}), make(chan podtest.Answer, 1)
			var once sync.Once
			store.set(func() { once.Do(func() { close(begun) }) }, nil)
			go func() {
				<-begun // the sweeper has locked the row, and is about to delete the content
				done <- send(t, alice, stream, []file{{"a.zip", data}})
			}()
			sweep(t, p)
			var m sent
			(<-done).Want(http.StatusOK).Into(&m)
			sweep(t, p)
			if got := content(t, read(alice, stream, m.ID, m.Attachments[0].ID)); string(got) != string(data) {
				t.Fatalf("round %d: the content is lost", i)
			}
		}
	})
}

// TestMessageWithoutItsContent checks that a message is refused if the sweeper has deleted the
// content since it was stored: a clock may have jumped.
func TestMessageWithoutItsContent(t *testing.T) {
	t.Parallel()
	store := newWatched(t)
	p := podtest.Start(t, podtest.WithBlobs(store))
	alice := p.User("alice")
	stream := makeRoom(alice, nil)
	data := []byte("deleted")
	store.set(nil, func() {
		p.Write(t, func(tx *db.Tx) error { return tx.Exec(`UPDATE blobs SET used = 1`) })
		sweep(t, p)
	})
	send(t, alice, stream, []file{{"a.txt", data}}).Want(http.StatusServiceUnavailable)
	if n := p.Number(t, `SELECT COUNT(*) FROM stream_messages`); n > 0 || store.has(t, data) {
		t.Errorf("%d messages were sent", n)
	}
	store.set(nil, nil)
	send(t, alice, stream, []file{{"a.txt", data}}).Want(http.StatusOK)
}

// TestPendingFiles checks who may send a pending file, and that it is sent once.
func TestPendingFiles(t *testing.T) {
	t.Parallel()
	podtest.Each(t, func(t *testing.T, p *podtest.Pod) {
		alice, bob := p.User("alice"), p.User("bob")
		stream := makeRoom(alice, nil, bob)
		one, two := upload(t, alice, stream, file{"a.txt", []byte("a")}), upload(t, alice, stream, file{"b.txt", []byte("b")})
		number := p.Number(t, `SELECT stream FROM pending_files WHERE id = $1`, files.PlainID(one))
		find := func(user int64, stream int64, ids ...string) (list []files.File, err error) {
			return db.Read(t.Context(), p.Inner.DB, func(tx *db.Tx) ([]files.File, error) {
				return files.Pending(tx, wire.UserID(user), stream, ids)
			})
		}
		list, err := find(alice.ID, number, two, one)
		if err != nil || len(list) != 2 || list[0].Name != "b.txt" || list[1].ContentType != "text/plain" {
			t.Errorf("%+v, %v", list, err)
		}
		for name, wrong := range map[string]func() ([]files.File, error){
			"another user": func() ([]files.File, error) { return find(bob.ID, number, one) },
			"stream":       func() ([]files.File, error) { return find(alice.ID, number+1, one) },
			"twice":        func() ([]files.File, error) { return find(alice.ID, number, one, one) },
			"unknown":      func() ([]files.File, error) { return find(alice.ID, number, one, "internal_1/x") },
		} {
			if list, err := wrong(); err == nil {
				t.Errorf("%s: %+v", name, list)
			}
		}
		var older struct {
			ID          string       `json:"id"`
			Attachments []attachment `json:"attachments"`
		}
		both := map[string]any{"message": "<messageML>x</messageML>", "attachments": []any{map[string]any{"id": two}, map[string]any{"id": one}}}
		bob.Post("/agent/v2/stream/"+stream+"/message/create", both).Want(http.StatusBadRequest)
		alice.Post("/agent/v2/stream/"+stream+"/message/create", both).Want(http.StatusOK).Into(&older)
		if got := content(t, read(bob, stream, older.ID, older.Attachments[1].ID)); string(got) != "a" {
			t.Errorf("got %q", got)
		}
		alice.Post("/agent/v3/stream/"+stream+"/message/create", both).Want(http.StatusBadRequest)
		list = nil
		if list, err = find(alice.ID, number, upload(t, alice, stream, file{"c.txt", []byte("c")})); err != nil {
			t.Fatal(err)
		}
		remove := func() error {
			_, err := db.Write(t.Context(), p.Inner.DB, func(tx *db.Tx) (struct{}, error) { return struct{}{}, files.Sent(tx, list) })
			return err
		}
		if err := remove(); err != nil {
			t.Error(err)
		}
		if err := remove(); err == nil {
			t.Error("a pending file is sent twice")
		}
		body, _ := json.Marshal(map[string]any{"file": file{"a.png", []byte("MZ\x90\x00 a program ..........................................................")}})
		alice.Call(podtest.Operation(t, "createAttachmentV1"), map[string]string{"sid": stream}, body).Want(http.StatusUnprocessableEntity)
		p.User("carol").Call(podtest.Operation(t, "createAttachmentV1"), map[string]string{"sid": stream}, body).Want(http.StatusForbidden)
	})
}
