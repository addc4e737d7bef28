package contentexport_test

import (
	"archive/zip"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"podium/internal/blob"
	"podium/internal/db"
	"podium/internal/db/dbtest"
	"podium/internal/pod/companies"
	"podium/internal/pod/contentexport"
	"podium/internal/wire"
	"podium/podtest"
)

// bench is a pod that exports the content of its companies each hour.
type bench struct {
	t      *testing.T
	p      *podtest.Pod
	clock  *podtest.Clock
	reader *podtest.User
}

func newBench(t *testing.T, p *podtest.Pod, clock *podtest.Clock) *bench {
	t.Helper()
	p.Write(t, func(tx *db.Tx) error {
		for _, id := range []wire.CompanyID{190, 191} {
			c, err := companies.Find(tx, id)
			if err != nil {
				return err
			}
			c.ContentExport = companies.HourlyExport
			if err := companies.Update(tx, p.Inner.Journal, c); err != nil {
				return err
			}
		}
		return nil
	})
	if err := p.Inner.Companies.Refresh(t.Context()); err != nil {
		t.Fatal(err)
	}
	return &bench{t, p, clock, p.Bot("archive", "CONTENT_EXPORT_READER")}
}

// each runs a test with a bench on each kind of database.
func each(t *testing.T, test func(b *bench)) {
	t.Helper()
	dbtest.Each(t, func(t *testing.T, kind dbtest.Kind) {
		clock := podtest.NewClock()
		test(newBench(t, podtest.StartOn(t, kind, podtest.WithClock(clock)), clock))
	})
}

func (b *bench) step() {
	b.t.Helper()
	b.p.Settle(b.t)
	if err := b.p.Inner.Export.Step(b.t.Context()); err != nil {
		b.t.Error(err)
	}
}

func (b *bench) say(u *podtest.User, stream, text string) string {
	b.t.Helper()
	var sent struct{ MessageID string }
	body, _ := json.Marshal(map[string]string{"message": "<messageML>" + text + "</messageML>"})
	u.Call(podtest.Operation(b.t, "createMessage"), map[string]string{"sid": stream}, body).Want(http.StatusOK).Into(&sent)
	return sent.MessageID
}

type listed struct {
	ID, Name, IntegrityHash string
	Size                    int64
	Specific                struct{ JobType, FileFormat, StartTime, EndTime string } `json:"typeSpecificMetadata"`
}

func (b *bench) list(u *podtest.User, parameters ...string) []listed {
	b.t.Helper()
	all := map[string]string{"type": "ContentExport", "pageSize": "100"}
	for i := 0; i < len(parameters); i += 2 {
		all[parameters[i]] = parameters[i+1]
	}
	var page []listed
	u.Call(podtest.Operation(b.t, "listExportFiles"), all, nil).Want(http.StatusOK).Into(&page)
	return page
}

func (b *bench) link(u *podtest.User, id string) string {
	b.t.Helper()
	var link struct{ SignedURL string }
	answer := u.Call(podtest.Operation(b.t, "getExportFile"), map[string]string{"type": "ContentExport", "fileId": id}, nil).Want(http.StatusOK)
	answer.Into(&link)
	if answer.Header.Get("Location") != link.SignedURL {
		b.t.Errorf("Location is %q, and the link %q", answer.Header.Get("Location"), link.SignedURL)
	}
	return link.SignedURL
}

// get calls a link without a session.
func (b *bench) get(link string) (status int, body []byte) {
	b.t.Helper()
	answer, err := http.Get(link)
	if err != nil {
		b.t.Fatal(err)
	}
	defer answer.Body.Close()
	body, err = io.ReadAll(answer.Body)
	if err != nil {
		b.t.Fatal(err)
	}
	return answer.StatusCode, body
}

// download returns the entries of a file by their names.
func (b *bench) download(u *podtest.User, f listed) map[string]string {
	b.t.Helper()
	status, body := b.get(b.link(u, f.ID))
	sum := sha256.Sum256(body)
	if status != http.StatusOK || int64(len(body)) != f.Size || hex.EncodeToString(sum[:]) != f.IntegrityHash {
		b.t.Fatalf("%s: %d, %d bytes, not those of the metadata", f.Name, status, len(body))
	}
	archive, err := zip.NewReader(bytes.NewReader(body), f.Size)
	if err != nil {
		b.t.Fatal(err)
	}
	entries := map[string]string{}
	for _, entry := range archive.File {
		content, err := entry.Open()
		if err != nil {
			b.t.Fatal(err)
		}
		text, err := io.ReadAll(content)
		if err != nil {
			b.t.Fatal(err)
		}
		entries[entry.Name] = string(text)
	}
	return entries
}

// messages returns the ids of the messages in all files of a user's company, in their order.
func (b *bench) messages(u *podtest.User) (ids []string) {
	b.t.Helper()
	for _, f := range b.list(u) {
		for line := range strings.Lines(b.download(u, f)["messages.jsonl"]) {
			var m struct{ MessageID string }
			if err := json.Unmarshal([]byte(line), &m); err != nil {
				b.t.Fatal(err)
			}
			ids = append(ids, m.MessageID)
		}
	}
	return ids
}

func (b *bench) room(u *podtest.User, name string, external bool) string {
	b.t.Helper()
	var made struct {
		System struct{ ID string } `json:"roomSystemInfo"`
	}
	u.Post("/pod/v3/room/create", map[string]any{"name": name, "description": name, "crossPod": external, "viewHistory": !external}).Want(http.StatusOK).Into(&made)
	return made.System.ID
}

// TestEachMessageIsExportedOnce checks that the files of several hours hold each message once, in
// parts that are full, also where nodes work at the same time.
func TestEachMessageIsExportedOnce(t *testing.T) {
	t.Parallel()
	each(t, func(b *bench) {
		b.p.Inner.Export.SetMost(1) // a page is not divided: each part has one page with messages
		alice := b.p.User("alice")
		room := b.room(alice, "Desk", false)
		var want []string
		for hour := range 3 {
			for n := range 2 + hour {
				want = append(want, b.say(alice, room, fmt.Sprint(hour, n)))
			}
			b.clock.Advance(time.Hour)
			b.p.Settle(b.t)
			var nodes sync.WaitGroup
			for range 3 {
				nodes.Go(b.step)
			}
			nodes.Wait()
		}
		b.step()
		b.reader.Login()
		if got := b.messages(b.reader); !slices.Equal(got, want) {
			b.t.Errorf("the files hold %v, expected %v", got, want)
		}
		for _, f := range b.list(b.reader) {
			if f.Specific.JobType != "SCHEDULED" || f.Specific.FileFormat != "SYMPHONY" || !strings.HasPrefix(f.Name, "s_190_SD-2026-01-") {
				b.t.Errorf("a file is %+v", f)
			}
		}
		jobs := b.p.Number(b.t, `SELECT COUNT(*) FROM export_jobs WHERE company = $1`, 190)
		if open := b.p.Number(b.t, `SELECT COUNT(*) FROM export_jobs WHERE open AND lease >= $1`, 0); jobs != 3 || open != 0 {
			b.t.Errorf("there are %d jobs, %d are open", jobs, open)
		}
	})
}

// TestWhatAFileHolds checks the entries of a file: a suppressed message, the content of an
// attachment, streams, members and the manifest.
func TestWhatAFileHolds(t *testing.T) {
	t.Parallel()
	each(t, func(b *bench) {
		alice := b.p.User("alice")
		room := b.room(alice, "Desk", false)
		hidden := b.say(alice, room, "a secret")
		b.p.Bot("acme-admin").Post("/pod/v1/admin/messagesuppression/"+hidden+"/suppress", nil).Want(http.StatusOK)
		body := `{"message": "<messageML>see</messageML>", "attachment": {"name": "a.txt", "content": "the content"}}`
		alice.Call(podtest.Operation(b.t, "createMessage"), map[string]string{"sid": room}, []byte(body)).Want(http.StatusOK)
		b.clock.Advance(time.Hour)
		b.step()
		files := b.list(b.reader)
		if len(files) != 1 {
			b.t.Fatalf("there are %d files", len(files))
		}
		entries := b.download(b.reader, files[0])
		sum := sha256.Sum256([]byte("the content"))
		for name, want := range map[string][]string{
			"messages.jsonl": {"a secret", `"suppressed":`, `"name":"a.txt"`, hex.EncodeToString(sum[:])},
			"streams.jsonl":  {`"streamType":"ROOM"`, `"name":"Desk"`},
			"members.jsonl":  {`"email":"alice@acme.example"`},
			"manifest.json":  {`"messages":2`, `"files":1`, `"missing":[]`, `"last":true`},

			"files/" + hex.EncodeToString(sum[:]): {"the content"},
		} {
			for _, text := range want {
				if !strings.Contains(entries[name], text) {
					b.t.Errorf("%s lacks %s: %s", name, text, entries[name])
				}
			}
		}
	})
}

// TestCompaniesAreApart checks that a company gets what its users could read when it was sent, and
// nothing else, and that its files are unknown to another.
func TestCompaniesAreApart(t *testing.T) {
	t.Parallel()
	each(t, func(b *bench) {
		alice, dave := b.p.User("alice"), b.p.Stranger("dave")
		alice.Post("/pod/v1/connection/create", map[string]any{"userId": dave.ID}).Want(http.StatusOK)
		dave.Post("/pod/v1/connection/accept", map[string]any{"userId": alice.ID}).Want(http.StatusOK)
		room := b.room(alice, "Deal", true)
		before := b.say(alice, room, "among us")
		b.clock.Advance(time.Second)
		alice.Post("/pod/v1/room/"+room+"/membership/add", map[string]any{"id": dave.ID}).Want(http.StatusOK)
		b.clock.Advance(time.Second)
		both := b.say(alice, room, "hello")
		answer := b.say(dave, room, "hello, too")
		b.clock.Advance(time.Second)
		alice.Post("/pod/v1/room/"+room+"/membership/remove", map[string]any{"id": dave.ID}).Want(http.StatusOK)
		b.clock.Advance(time.Second)
		after := b.say(alice, room, "among us again")
		b.clock.Advance(time.Hour)
		b.step()
		theirs := b.p.Stranger("their-archive", "CONTENT_EXPORT_READER")
		if got, want := b.messages(b.reader), []string{before, both, answer, after}; !slices.Equal(got, want) {
			b.t.Errorf("the company of the room got %v, expected %v", got, want)
		}
		if got, want := b.messages(theirs), []string{both, answer}; !slices.Equal(got, want) {
			b.t.Errorf("the other company got %v, expected %v", got, want)
		}
		ours := b.list(b.reader)[0]
		for _, id := range []string{"getExportFile", "getExportFileMetadata"} {
			theirs.Call(podtest.Operation(b.t, id), map[string]string{"type": "ContentExport", "fileId": ours.ID}, nil).Want(http.StatusNotFound)
		}
		link := strings.Replace(b.link(b.reader, ours.ID), b.p.URL, b.p.SecondURL, 1)
		if status, _ := b.get(link); status != http.StatusForbidden {
			b.t.Errorf("a link of ours at the other company: %d", status)
		}
		if text := b.download(theirs, b.list(theirs)[0])["members.jsonl"]; strings.Contains(text, "alice@acme.example") {
			b.t.Errorf("the other company gets our addresses: %s", text)
		}
	})
}

// TestLinks checks that a link ends, and that no part of it can be changed.
func TestLinks(t *testing.T) {
	t.Parallel()
	each(t, func(b *bench) {
		b.say(b.p.User("alice"), b.room(b.p.User("alice"), "Desk", false), "hello")
		b.clock.Advance(time.Hour)
		b.step()
		f := b.list(b.reader)[0]
		link := b.link(b.reader, f.ID)
		address, query, _ := strings.Cut(link, "?")
		expires, signature, _ := strings.Cut(query, "&signature=")
		for _, wrong := range []string{
			address + "?" + strings.Replace(expires, "=1", "=2", 1) + "&signature=" + signature,
			address + "?" + expires + "&signature=" + strings.Repeat("0", 64),
			address + "?" + expires + "&signature=" + signature[:62],
			strings.Replace(link, f.ID, strings.Repeat("0", 32), 1),
		} {
			if status, body := b.get(wrong); status != http.StatusForbidden {
				b.t.Errorf("%s: %d %s", wrong, status, body)
			}
		}
		for _, wrong := range []string{address, address + "?" + expires, address + "?expires=x&signature=" + signature} {
			if status, body := b.get(wrong); status != http.StatusBadRequest {
				b.t.Errorf("%s: %d %s", wrong, status, body)
			}
		}
		b.clock.Advance(14 * time.Minute)
		if status, body := b.get(link); status != http.StatusOK {
			b.t.Errorf("after 14 minutes: %d %s", status, body)
		}
		b.clock.Advance(2 * time.Minute)
		if status, body := b.get(link); status != http.StatusForbidden || !strings.Contains(string(body), "expired") {
			b.t.Errorf("after 16 minutes: %d %s", status, body)
		}
		metadata := b.reader.Call(podtest.Operation(b.t, "getExportFileMetadata"), map[string]string{"type": "ContentExport", "fileId": f.ID}, nil)
		var shown listed
		if metadata.Want(http.StatusOK).Into(&shown); shown != f {
			b.t.Errorf("the metadata is %+v, the list has %+v", shown, f)
		}
		for kind, want := range map[string]int64{"export.linkMade": 1, "export.downloaded": 1, "export.metadataRead": 1} {
			if n := b.p.Number(b.t, `SELECT COUNT(*) FROM events WHERE company = $1 AND subject = $2 AND kind = $3`, 190, f.ID, kind); n != want {
				b.t.Errorf("%d facts %s are recorded", n, kind)
			}
		}
	})
}

// TestOldFilesAreDeleted checks that a file ends with its time, and its content a day later, unless
// a message has the same content.
func TestOldFilesAreDeleted(t *testing.T) {
	t.Parallel()
	each(t, func(b *bench) {
		b.clock.Advance(time.Hour)
		b.step()
		f := b.list(b.reader)[0]
		b.clock.Advance(31 * 24 * time.Hour)
		b.reader.Login()
		if left := b.list(b.reader); len(left) != 0 {
			b.t.Errorf("files are listed after their time: %v", left)
		}
		b.p.Write(b.t, func(tx *db.Tx) error { // so that no new file is made
			return tx.Exec(`UPDATE companies SET content_export = 'off' WHERE id IN ($1)`, []int64{190, 191})
		})
		if err := b.p.Inner.Companies.Refresh(b.t.Context()); err != nil {
			b.t.Fatal(err)
		}
		b.step()
		if n := b.p.Number(b.t, `SELECT COUNT(*) FROM export_files WHERE company = $1`, 190); n != 0 {
			b.t.Errorf("%d rows are left", n)
		}
		b.clock.Advance(25 * time.Hour)
		if err := b.p.Inner.Files.SweepAll(b.t.Context()); err != nil {
			b.t.Fatal(err)
		}
		sum, _ := blob.ParseSum(f.IntegrityHash)
		if _, _, err := b.p.Inner.Files.Blobs.Get(b.t.Context(), sum); !errors.Is(err, blob.ErrNone) {
			b.t.Errorf("the content is left: %v", err)
		}
	})
}

// breaking is a store that fails for a while.
type breaking struct {
	blob.Store
	mu    sync.Mutex
	fails int
}

func (s *breaking) Put(ctx context.Context, sum blob.Sum, size int64, content io.ReadSeeker) error {
	s.mu.Lock()
	fails := s.fails > 0
	s.fails--
	s.mu.Unlock()
	if fails {
		return errors.New("broken")
	}
	return s.Store.Put(ctx, sum, size, content)
}

// TestAJobThatFailsIsTriedAgain checks that a job goes on where it failed, a minute later.
func TestAJobThatFailsIsTriedAgain(t *testing.T) {
	t.Parallel()
	clock := podtest.NewClock()
	folder, err := blob.OpenFolder(t.TempDir()+"/files", nil)
	if err != nil {
		t.Fatal(err)
	}
	store := &breaking{Store: folder, fails: 3}
	p := podtest.Start(t, podtest.WithClock(clock), podtest.WithBlobs(store))
	b := newBench(t, p, clock)
	want := []string{b.say(p.User("alice"), b.room(p.User("alice"), "Desk", false), "hello")}
	clock.Advance(time.Hour)
	if err := p.Inner.Export.Step(t.Context()); err == nil || !strings.Contains(err.Error(), "broken") {
		t.Errorf("the store is broken: %v", err)
	}
	if files := b.list(b.reader); len(files) != 0 {
		t.Errorf("files were made: %v", files)
	}
	clock.Advance(2 * time.Minute)
	_ = p.Inner.Export.Step(t.Context()) // fails once more
	clock.Advance(2 * time.Minute)
	b.step()
	if got := b.messages(b.reader); !slices.Equal(got, want) {
		t.Errorf("the files hold %v, expected %v", got, want)
	}
}

// TestRequest checks that the operator exports a time that is over.
func TestRequest(t *testing.T) {
	t.Parallel()
	each(t, func(b *bench) {
		alice := b.p.User("alice")
		room := b.room(alice, "Desk", false)
		b.say(alice, room, "before")
		b.clock.Advance(time.Minute)
		from := wire.TimeOf(b.clock.Now())
		inside := b.say(alice, room, "inside")
		b.clock.Advance(time.Minute)
		to := wire.TimeOf(b.clock.Now())
		b.say(alice, room, "after")
		for _, wrong := range [][2]wire.Time{{to, from}, {from, to.Add(time.Hour)}, {-1, to}} {
			_, err := db.Write(b.t.Context(), b.p.Inner.DB, func(tx *db.Tx) (string, error) {
				return contentexport.Request(tx, b.p.Inner.Journal, 190, wrong[0], wrong[1])
			})
			if err == nil {
				b.t.Errorf("%v is accepted", wrong)
			}
		}
		b.p.Write(b.t, func(tx *db.Tx) error {
			_, err := contentexport.Request(tx, b.p.Inner.Journal, 190, from, to)
			return err
		})
		b.step()
		files := b.list(b.reader, "jobType", "adhoc")
		if len(files) != 1 || !strings.Contains(b.download(b.reader, files[0])["messages.jsonl"], inside) ||
			!strings.Contains(b.download(b.reader, files[0])["manifest.json"], `"messages":1`) {
			b.t.Errorf("the files of the request: %v", files)
		}
	})
}

// TestListing checks filters, order and pages.
func TestListing(t *testing.T) {
	t.Parallel()
	each(t, func(b *bench) {
		for range 3 {
			b.clock.Advance(time.Hour)
			b.step()
		}
		all := b.list(b.reader)
		if len(all) != 3 || len(b.list(b.p.Stranger("their-archive", "CONTENT_EXPORT_READER"))) != 3 {
			b.t.Fatalf("there are the files %v", all)
		}
		for _, c := range []struct {
			parameters []string
			want       []listed
		}{
			{[]string{"sortOrder", "desc"}, []listed{all[2], all[1], all[0]}},
			{[]string{"pageSize", "2", "page", "2"}, all[2:]},
			{[]string{"pageSize", "2", "page", "3"}, nil},
			{[]string{"name", "S_190_sd"}, all},
			{[]string{"name", "s%190"}, nil},
			{[]string{"name", "_190\\"}, nil},
			{[]string{"startTime-after", all[0].Specific.StartTime}, all[1:]},
			{[]string{"endTime-before", all[2].Specific.EndTime}, all[:2]},
			{[]string{"upload-after", "2026-01-02T16:30:00+00:00"}, all[1:]},
			{[]string{"upload-before", "2026-01-02T16:30:00Z"}, all[:1]},
			{[]string{"generationDate", "2026-01-02"}, all},
			{[]string{"generationDate", "2026-01-03"}, nil},
			{[]string{"jobType", "ADHOC"}, nil},
			{[]string{"fileFormat", "Symphony", "sortBy", "size"}, nil},
		} {
			got := b.list(b.reader, c.parameters...)
			if c.parameters[0] == "fileFormat" {
				if len(got) != 3 {
					b.t.Errorf("%v: %v", c.parameters, got)
				}
				continue
			}
			if len(got) != len(c.want) || len(got) > 0 && !slices.Equal(got, c.want) {
				b.t.Errorf("%v: %v, expected %v", c.parameters, got, c.want)
			}
		}
		answer := b.reader.Call(podtest.Operation(b.t, "listExportFiles"), map[string]string{"type": "ContentExport", "pageSize": "1"}, nil)
		if total := answer.Header.Get("X-Total-Count"); total != "3" {
			b.t.Errorf("X-Total-Count is %q", total)
		}
	})
}
