package messages_test

import (
	"archive/zip"
	"bytes"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"image"
	"image/png"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"podium/internal/op"
	"podium/podtest"
)

// attachment is a file of a message, as answers have it.
type attachment struct {
	ID     string `json:"id"`
	Name   string `json:"name"`
	Size   int64  `json:"size"`
	Images []struct {
		ID        string `json:"id"`
		Dimension string `json:"dimension"`
	} `json:"images"`
}

// sent is a message, as answers have it.
type sent struct {
	ID          string       `json:"messageId"`
	Attachments []attachment `json:"attachments"`
}

type file struct {
	Name   string `json:"name"`
	Base64 []byte `json:"base64"`
}

// makeRoom creates a room of a user, with other members.
func makeRoom(u *podtest.User, settings map[string]any, members ...*podtest.User) string {
	body := map[string]any{"name": "room " + base64.RawURLEncoding.EncodeToString(random(9))}
	for name, value := range settings {
		body[name] = value
	}
	var made struct {
		System struct {
			ID string `json:"id"`
		} `json:"roomSystemInfo"`
	}
	u.Post("/pod/v3/room/create", body).Want(http.StatusOK).Into(&made)
	for _, m := range members {
		u.Post("/pod/v1/room/"+made.System.ID+"/membership/add", map[string]any{"id": m.ID}).Want(http.StatusOK)
	}
	return made.System.ID
}

func random(n int) []byte {
	data := make([]byte, n)
	rand.Read(data)
	return data
}

// send sends a message with files.
func send(t testing.TB, u *podtest.User, stream string, attached []file, previews ...file) podtest.Answer {
	t.Helper()
	form := map[string]any{"message": "<messageML>files</messageML>", "attachment": attached}
	if len(previews) > 0 {
		form["preview"] = previews
	}
	body, err := json.Marshal(form)
	if err != nil {
		t.Fatal(err)
	}
	return u.Call(podtest.Operation(t, "createMessage"), map[string]string{"sid": stream}, body)
}

// read downloads a file.
func read(u *podtest.User, stream, message, id string) podtest.Answer {
	return u.Get("/agent/v1/stream/" + stream + "/attachment?fileId=" + url.QueryEscape(id) + "&messageId=" + message)
}

func drawn(t testing.TB, w, h int) []byte {
	t.Helper()
	var data bytes.Buffer
	if err := png.Encode(&data, image.NewGray(image.Rect(0, 0, w, h))); err != nil {
		t.Fatal(err)
	}
	return data.Bytes()
}

// bomb returns a small archive of a large file.
func bomb(t testing.TB) []byte {
	t.Helper()
	var data bytes.Buffer
	z := zip.NewWriter(&data)
	w, err := z.Create("zeros")
	if err == nil {
		_, err = w.Write(make([]byte, 50<<20))
	}
	if err = errors.Join(err, z.Close()); err != nil {
		t.Fatal(err)
	}
	return data.Bytes()
}

func content(t testing.TB, a podtest.Answer) []byte {
	t.Helper()
	data, err := base64.StdEncoding.DecodeString(string(a.Want(http.StatusOK).Body))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// TestFilesArriveWhole checks files of several sizes, their previews, who may read them, and the
// list of a stream's files.
func TestFilesArriveWhole(t *testing.T) {
	t.Parallel()
	podtest.Each(t, func(t *testing.T, p *podtest.Pod) {
		alice, bob, carol := p.User("alice"), p.User("bob"), p.User("carol")
		stream, other := makeRoom(alice, nil, bob), makeRoom(alice, nil, bob)
		files := []file{{"empty.txt", nil}, {"a.TXT", []byte("a")}, {"large.zip", random(200_001)}, {"wide picture é.png", drawn(t, 1200, 30)}}
		var m sent
		send(t, alice, stream, files).Want(http.StatusOK).Into(&m)
		if len(m.Attachments) != len(files) {
			t.Fatalf("%d attachments", len(m.Attachments))
		}
		var again sent
		bob.Get("/agent/v1/message/" + m.ID).Want(http.StatusOK).Into(&again)
		for i, a := range m.Attachments {
			if a.Name != files[i].Name || a.Size != int64(len(files[i].Base64)) || a.ID != again.Attachments[i].ID {
				t.Errorf("%+v of %s", a, files[i].Name)
			}
			if !strings.HasPrefix(a.ID, fmt.Sprintf("internal_%d%%2F", alice.ID)) || !strings.HasSuffix(a.ID, "%3D%3D") {
				t.Errorf("the id %s", a.ID)
			}
			plain, _ := url.PathUnescape(a.ID)
			for _, id := range []string{a.ID, plain} {
				if got := content(t, read(bob, stream, m.ID, id)); !bytes.Equal(got, files[i].Base64) {
					t.Errorf("%s: %d bytes come back as %d others", a.Name, len(files[i].Base64), len(got))
				}
			}
			if got := content(t, bob.Get("/agent/v1/stream/"+stream+"/attachment?fileId="+plain+"&messageId="+m.ID)); !bytes.Equal(got, files[i].Base64) {
				t.Errorf("%s: not read by an id that is not encoded", a.Name)
			}
			for name, refused := range map[string]podtest.Answer{
				"by another user": read(carol, stream, m.ID, a.ID), "in another stream": read(bob, other, m.ID, a.ID),
				"of another message": read(bob, stream, strings.Replace(m.ID, m.ID[:4], "AAAA", 1), a.ID),
				"another file":       read(bob, stream, m.ID, a.ID+"x"), "of another company": read(p.Stranger("mallory"), stream, m.ID, a.ID),
			} {
				if refused.Status != http.StatusBadRequest || !strings.Contains(string(refused.Body), `"Attachment not found"`) {
					t.Errorf("%s: %d %s", name, refused.Status, refused.Body)
				}
			}
		}
		picture := m.Attachments[3]
		if len(picture.Images) != 1 || picture.Images[0].Dimension != "600" {
			t.Fatalf("previews: %+v", picture.Images)
		}
		config, err := png.DecodeConfig(bytes.NewReader(content(t, read(bob, stream, m.ID, picture.Images[0].ID))))
		if err != nil || config.Width != 600 || config.Height != 15 {
			t.Errorf("the preview has %d by %d pixels, %v", config.Width, config.Height, err)
		}
		checkList(t, bob, stream, m, files)
		alice.Post("/pod/v1/admin/messagesuppression/"+m.ID+"/suppress", nil).Want(http.StatusOK)
		read(bob, stream, m.ID, picture.ID).Want(http.StatusBadRequest)
		bob.Get("/pod/v1/streams/" + stream + "/attachments").Want(http.StatusOK).Into(&[]any{})
	})
}

// checkList checks the list of a stream's files in both orders.
func checkList(t *testing.T, u *podtest.User, stream string, m sent, files []file) {
	t.Helper()
	for order, first := range map[string]int{"ASC": 0, "desc": len(files) - 1} {
		var list []struct {
			MessageID string `json:"messageId"`
			FileID    string `json:"fileId"`
			Type      string `json:"content-type"`
			Previews  []any  `json:"previews"`
		}
		u.Get("/pod/v1/streams/" + stream + "/attachments?limit=2&sortDir=" + order).Want(http.StatusOK).Into(&list)
		if len(list) != 2 || list[0].FileID != m.Attachments[first].ID || list[0].MessageID != m.ID {
			t.Errorf("%s: %+v", order, list)
		}
		if order == "desc" && (list[0].Type != "image/png" || len(list[0].Previews) != 1) {
			t.Errorf("%+v", list[0])
		}
	}
	u.Get("/pod/v1/streams/" + stream + "/attachments?to=1").Want(http.StatusOK).Into(&[]any{})
}

// TestFilesThatAreRefused checks hostile names, programs with other names, and the limits. Nothing
// is stored.
func TestFilesThatAreRefused(t *testing.T) {
	t.Parallel()
	p := podtest.Start(t)
	alice := p.User("alice")
	stream := makeRoom(alice, nil)
	program := append([]byte("MZ\x90\x00"), make([]byte, 200)...)
	elf := append([]byte("\x7fELF\x02\x01\x01"), make([]byte, 60)...)
	script := []byte("#!/bin/sh\nrm -r /\n")
	many := make([]file, 26)
	for i := range many {
		many[i] = file{fmt.Sprintf("%d.txt", i), []byte("x")}
	}
	for name, c := range map[string]struct {
		files []file
		says  string
	}{
		"not allowed":       {[]file{{"a.exe", program}}, "Attachment type not supported: .exe"},
		"in capitals":       {[]file{{"A.EXE", program}}, "Attachment type not supported: .exe"},
		"hidden by a dot":   {[]file{{"a.exe.", program}}, "Attachment type not supported: ."},
		"second extension":  {[]file{{"a.png.exe", []byte("x")}}, "Attachment type not supported: .exe"},
		"none":              {[]file{{"README", []byte("x")}}, "Attachment type not supported: a file without an extension"},
		"nothing else":      {[]file{{".txt", []byte("x")}}, "Attachment type not supported: .txt"},
		"up":                {[]file{{"../../../etc/passwd", []byte("x")}}, "Attachment type not supported: a file without an extension"},
		"up to nothing":     {[]file{{"../..", []byte("x")}}, "Invalid value for attachment: the file has no name"},
		"program":           {[]file{{"a.png", program}}, "Attachment type not supported: .exe"},
		"program, ELF":      {[]file{{"a.pdf", elf}}, "Attachment type not supported: .elf"},
		"script":            {[]file{{"a.pdf", script}}, "Attachment type not supported: .sh"},
		"one of two":        {[]file{{"a.txt", []byte("fine")}, {"b.docx", program}}, "Attachment type not supported: .exe"},
		"NUL":               {[]file{{"a\x00.txt", []byte("x")}}, "The request body is not a valid multipart form"},
		"4,000 characters":  {[]file{{strings.Repeat("a", 3996) + ".txt", []byte("x")}}, "Invalid value for attachment: the file's name has more than 255 characters"},
		"written backwards": {[]file{{"a\u202etxt.exe", []byte("x")}}, "attachment: it has a character that changes the direction of writing (U+202E)"},
		"26 files":          {many, "Invalid value for attachment: it has more than 25 elements"},
	} {
		a := send(t, alice, stream, c.files)
		var refused op.Error
		a.Want(http.StatusBadRequest).Into(&refused)
		if refused.Message != c.says {
			t.Errorf("%s: %q, want %q", name, refused.Message, c.says)
		}
	}
	send(t, alice, stream, []file{{"a.zip", make([]byte, 30<<20+1)}}).Want(http.StatusRequestEntityTooLarge)
	send(t, alice, stream, []file{{"a.zip", make([]byte, 16<<20)}}, file{"a.png", make([]byte, 15<<20)}).Want(http.StatusRequestEntityTooLarge)
	send(t, alice, stream, []file{{"a.txt", []byte("x")}}, file{"a.exe", program}).Want(http.StatusBadRequest)
	send(t, alice, stream, []file{{"a.txt", []byte("x")}}, file{"a.png", program}).Want(http.StatusBadRequest)
	send(t, p.User("bob"), stream, []file{{"a.txt", []byte("x")}}).Want(http.StatusForbidden)
	if n := p.Number(t, `SELECT COUNT(*) FROM blobs`); n > 0 {
		t.Errorf("%d contents are stored", n)
	}
}

// TestFilesThatAreAccepted checks what looks dangerous and is not.
func TestFilesThatAreAccepted(t *testing.T) {
	t.Parallel()
	p := podtest.Start(t)
	alice := p.User("alice")
	stream := makeRoom(alice, nil)
	var m sent
	send(t, alice, stream, []file{
		{`C:\Users\alice\up\a.txt`, []byte("#!/bin/sh\n")}, {"../../b.md", []byte("# b")}, {"huge.png", drawn(t, 10_000, 10)},
		{"broken.png", []byte("\x89PNG\r\n\x1a\nnothing")}, {"bomb.zip", bomb(t)}, {"名前 😀.pdf", []byte("%PDF-1.7")},
	}).Want(http.StatusOK).Into(&m)
	names := make([]string, len(m.Attachments))
	for i, a := range m.Attachments {
		names[i] = a.Name
		if len(a.Images) > 0 {
			t.Errorf("%s has a preview", a.Name)
		}
	}
	if want := []string{"a.txt", "b.md", "huge.png", "broken.png", "bomb.zip", "名前 😀.pdf"}; !slices.Equal(names, want) {
		t.Errorf("got %q, want %q", names, want)
	}
	send(t, alice, stream, []file{{"a.zip", make([]byte, 30<<20)}}).Want(http.StatusOK)
	send(t, alice, stream, []file{{"a.pdf", random(100)}}, file{"preview.png", drawn(t, 123, 10)}).Want(http.StatusOK).Into(&m)
	if images := m.Attachments[0].Images; len(images) != 1 || images[0].Dimension != "123" {
		t.Errorf("%+v", m.Attachments[0])
	}
}

// TestTypesOfOtherCompanies checks the scopes of extensions: within the company, to other
// companies, from other companies.
func TestTypesOfOtherCompanies(t *testing.T) {
	t.Parallel()
	p := podtest.Start(t)
	alice, mallory := p.User("alice"), p.Stranger("mallory")
	alice.Post("/pod/v1/connection/create", map[string]any{"userId": mallory.ID}).Want(http.StatusOK)
	mallory.Post("/pod/v1/connection/accept", map[string]any{"userId": alice.ID}).Want(http.StatusOK)
	own, shared := makeRoom(alice, nil), makeRoom(alice, map[string]any{"crossPod": true}, mallory)
	pdf := []file{{"a.pdf", []byte("%PDF-1.7")}}
	decide := func(u *podtest.User, internal, external, foreign bool) {
		u.Put("/pod/file_ext/v1/allowed_extensions/.pdf", map[string]any{
			"extension": ".pdf", "scope_internal": internal, "scope_external": external, "scope_xpod": foreign}).Want(http.StatusOK)
	}
	ours, theirs := p.User("manager", "SUPER_ADMINISTRATOR"), p.Stranger("globex-admin")
	for _, c := range []struct {
		internal, external, foreign bool
		own, shared                 int
	}{
		{true, true, true, 200, 200}, {true, false, true, 200, 400}, {true, true, false, 200, 400}, {false, true, true, 400, 200},
	} {
		decide(ours, c.internal, c.external, false)
		decide(theirs, false, false, c.foreign)
		send(t, alice, own, pdf).Want(c.own)
		send(t, alice, shared, pdf).Want(c.shared)
	}
	decide(ours, true, false, false)
	body, _ := json.Marshal(map[string]any{"sids": own + "," + shared, "message": "<messageML>x</messageML>", "attachment": pdf})
	var blast struct {
		Messages []sent              `json:"messages"`
		Errors   map[string]op.Error `json:"errors"`
	}
	alice.Call(podtest.Operation(t, "blastMessage"), nil, body).Want(http.StatusOK).Into(&blast)
	if len(blast.Messages) != 1 || blast.Errors[shared].Message != "Attachment type not supported: .pdf" {
		t.Errorf("%+v", blast)
	}
}

// TestBlastCopiesFiles checks that each message of a blast has ids of its own, for one content.
func TestBlastCopiesFiles(t *testing.T) {
	t.Parallel()
	p := podtest.Start(t)
	alice := p.User("alice")
	one, two := makeRoom(alice, nil), makeRoom(alice, nil)
	data := random(1000)
	body, _ := json.Marshal(map[string]any{"sids": one + "," + two, "message": "<messageML>x</messageML>", "attachment": []file{{"a.zip", data}, {"b.png", drawn(t, 10, 10)}}})
	var blast struct {
		Messages []sent `json:"messages"`
	}
	alice.Call(podtest.Operation(t, "blastMessage"), nil, body).Want(http.StatusOK).Into(&blast)
	ids := map[string]bool{}
	for i, stream := range []string{one, two} {
		for _, a := range blast.Messages[i].Attachments {
			ids[a.ID] = true
			for _, image := range a.Images {
				ids[image.ID] = true
			}
		}
		if got := content(t, read(alice, stream, blast.Messages[i].ID, blast.Messages[i].Attachments[0].ID)); !bytes.Equal(got, data) {
			t.Errorf("message %d has another content", i)
		}
	}
	if n := p.Number(t, `SELECT COUNT(*) FROM blobs`); len(ids) != 6 || n != 3 {
		t.Errorf("%d ids for %d contents", len(ids), n)
	}
}

// TestUpdateReplacesFiles checks that a new version has the files of its own request.
func TestUpdateReplacesFiles(t *testing.T) {
	t.Parallel()
	p := podtest.Start(t)
	alice := p.User("alice")
	stream := makeRoom(alice, nil)
	var first, second sent
	send(t, alice, stream, []file{{"a.txt", []byte("a")}}).Want(http.StatusOK).Into(&first)
	body, _ := json.Marshal(map[string]any{"message": "<messageML>x</messageML>", "attachment": []file{{"b.txt", []byte("b")}}})
	alice.Call(podtest.Operation(t, "updateMessage"), map[string]string{"sid": stream, "mid": first.ID}, body).Want(http.StatusOK).Into(&second)
	if len(second.Attachments) != 1 || second.Attachments[0].Name != "b.txt" {
		t.Errorf("%+v", second)
	}
	if got := content(t, read(alice, stream, second.ID, second.Attachments[0].ID)); string(got) != "b" {
		t.Errorf("got %q", got)
	}
	if got := content(t, read(alice, stream, first.ID, first.Attachments[0].ID)); string(got) != "a" {
		t.Errorf("the version before: got %q", got)
	}
}
