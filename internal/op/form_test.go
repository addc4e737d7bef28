package op_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"

	"podium/internal/auth"
	"podium/internal/op"
	"podium/internal/wire"
)

// forms is a chapter with an operation that takes a form.
type forms struct{}

// formed is an input with a form.
type formed struct {
	Form struct {
		Text  string      `part:"text" required:"true" maxLength:"10"`
		Quiet bool        `part:"quiet" default:"true"`
		Files []op.Upload `part:"file" maxItems:"2"`
	}
}

// told is what the operation of the form saw.
type told struct {
	Text  string   `json:"text"`
	Quiet bool     `json:"quiet"`
	Files []string `json:"files"`
}

func (*forms) form(_ context.Context, _ auth.Caller, in formed) (told, error) {
	out := told{Text: in.Form.Text, Quiet: in.Form.Quiet, Files: []string{}}
	for _, u := range in.Form.Files {
		content, err := io.ReadAll(u.Open())
		if err != nil || int64(len(content)) != u.Size || sha256.Sum256(content) != u.Sum {
			return out, fmt.Errorf("%s: %d bytes, not %d: %v", u.Name, len(content), u.Size, err)
		}
		out.Files = append(out.Files, fmt.Sprintf("%s %d", u.Name, u.Size))
	}
	return out, nil
}

// TestForms checks what becomes of multipart bodies, also of hostile ones.
func TestForms(t *testing.T) {
	t.Parallel()
	large := strings.Repeat("x", 200_000)
	part := func(header, content string) string { return "--b\r\n" + header + "\r\n\r\n" + content + "\r\n" }
	text := func(name, content string) string {
		return part(`Content-Disposition: form-data; name="`+name+`"`, content)
	}
	file := func(name, content string) string {
		return part(`Content-Disposition: form-data; name="file"; filename="`+name+`"`, content)
	}
	const end = "--b--\r\n"
	for _, test := range []struct {
		name, body string
		status     int
		want       string
	}{
		{"a text", text("text", "hello") + end, 200, `{"text":"hello","quiet":true,"files":[]}`},
		{"a switch in another case", text("text", "a") + text("quiet", "False") + end, 200, `"quiet":false`},
		{"an empty part", text("text", "a") + text("quiet", "") + file("", "") + end, 200, `"quiet":true,"files":[]`},
		{"an unknown part", text("text", "a") + text("other", large) + end, 200, `"text":"a"`},
		{"files", text("text", "a") + file("a.txt", "abc") + file("b.bin", large) + end, 200, `["a.txt 3","b.bin 200000"]`},
		{"a file of exactly the memory", text("text", "a") + file("a", large[:64<<10]) + end, 200, `["a 65536"]`},
		{"a path", text("text", "a") + file(`../../etc/passwd`, "x") + file(`C:\\dir\\b.txt`, "y") + end, 200, `["passwd 1","b.txt 1"]`},
		{"no text", file("a", "x") + end, 400, "Invalid value for text: it is required"},
		{"a text that is too long", text("text", strings.Repeat("ä", 11)) + end, 400, "Invalid value for text: it has more than 10 characters"},
		{"a huge text", text("text", large) + end, 400, "Invalid value for text: it has more than 10 characters"},
		{"two texts", text("text", "a") + text("text", "b") + end, 400, "Invalid value for text: it is given more than once"},
		{"no switch", text("text", "a") + text("quiet", "maybe") + end, 400, "Invalid value for quiet"},
		{"NUL", text("text", "a\x00") + end, 400, "Invalid value for text: it is not valid text"},
		{"invalid UTF-8", text("text", "a\xff") + end, 400, "Invalid value for text: it is not valid text"},
		{"three files", text("text", "a") + file("a", "x") + file("b", "x") + file("c", "x") + end, 400, "Invalid value for file: it has more than 2 elements"},
		{"a name of a control character", text("text", "a") + file("a\x01b", "x") + end, 400, "The request body is not a valid multipart form"},
		{"a long name", text("text", "a") + file(large[:300], "x") + end, 400, "Invalid value for file: the file's name has more than 255 characters"},
		{"a name that is a folder", text("text", "a") + file("..", "x") + end, 400, "Invalid value for file: the file has no name"},
		{"a file without a name", text("text", "a") + text("file", "x") + end, 400, "Invalid value for file: the file has no name"},
		{"too many parts", text("text", "a") + strings.Repeat(text("x", "y"), 257) + end, 400, "more than 256 parts"},
		{"a body that breaks off", text("text", "a")[:50], 400, "The request body"},
		{"no part", "nothing", 400, "The request body"},
		{"too large a body", text("text", "a") + file("a", strings.Repeat("x", 2<<20)) + end, 413, "larger than"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			w := formPlay(t, strings.NewReader(test.body), "multipart/form-data; boundary=b")
			if w.Code != test.status || !strings.Contains(w.Body.String(), test.want) {
				t.Errorf("%d %s", w.Code, w.Body)
			}
		})
	}
	for _, kind := range []string{"", "application/json", "multipart/form-data", "multipart/mixed; boundary=b"} {
		if w := formPlay(t, strings.NewReader("{}"), kind); w.Code != http.StatusUnsupportedMediaType {
			t.Errorf("%q: %d %s", kind, w.Code, w.Body)
		}
	}
}

// formPlay sends a form, and checks that no temporary file is left.
func formPlay(t *testing.T, body io.Reader, kind string) *httptest.ResponseRecorder {
	t.Helper()
	frame := &op.Frame{
		MaxBody: 1 << 20, Spool: t.TempDir(), Log: slog.New(slog.DiscardHandler),
		Company: func(*http.Request) (wire.CompanyID, bool) { return 190, true },
		Address: func(*http.Request) string { return "192.0.2.1" },
	}
	r := httptest.NewRequest(http.MethodPost, "/form", body)
	if kind != "" {
		r.Header.Set("Content-Type", kind)
	}
	w := httptest.NewRecorder()
	frame.Handler(op.Bind(&forms{}, op.Operation[forms]{
		ID: "form", Route: "POST /form", Tag: "T", Summary: "S.", Needs: auth.Anyone, Handle: op.Call((*forms).form),
	})).ServeHTTP(w, r)
	left, err := os.ReadDir(frame.Spool)
	if err != nil || len(left) > 0 {
		t.Errorf("%d temporary files are left: %v", len(left), err)
	}
	return w
}

// FuzzForm checks that no body panics, leaves a file, or is answered 500.
func FuzzForm(f *testing.F) {
	f.Add([]byte("--b\r\nContent-Disposition: form-data; name=\"text\"\r\n\r\na\r\n--b--\r\n"))
	f.Add([]byte("--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a\"\r\n\r\na\r\n--b--\r\n"))
	f.Fuzz(func(t *testing.T, body []byte) {
		if w := formPlay(t, bytes.NewReader(body), "multipart/form-data; boundary=b"); w.Code >= 500 {
			t.Errorf("%q: %d %s", body, w.Code, w.Body)
		}
	})
}
