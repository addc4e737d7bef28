package transcript_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"podium/internal/transcript"
)

// feeds returns a handler with enough behaviour for a transcript.
func feeds() http.Handler {
	mux := http.NewServeMux()
	owners := map[string]string{}
	answer := func(w http.ResponseWriter, status int, body any) {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(status)
		json.NewEncoder(w).Encode(body)
	}
	mux.HandleFunc("POST /feeds", func(w http.ResponseWriter, r *http.Request) {
		var in struct {
			About string `json:"about"`
			For   int64  `json:"for"`
		}
		if err := json.NewDecoder(r.Body).Decode(&in); err != nil || r.Header.Get("X-Scope") != "all" {
			answer(w, 400, map[string]any{"code": 400, "message": fmt.Sprint("malformed: ", err)})
			return
		}
		id := fmt.Sprintf("feed/%020d", len(owners)+1)
		owners[id] = r.Header.Get("User")
		w.Header().Set("Location", "/feeds/"+id)
		answer(w, 201, map[string]any{
			"id": id, "opened": 1787000000000, "owner": owners[id], "about": in.About, "for": in.For,
		})
	})
	mux.HandleFunc("GET /feeds/{id}", func(w http.ResponseWriter, r *http.Request) {
		switch user, id := r.Header.Get("User"), r.PathValue("id"); {
		case user == "":
			answer(w, 401, map[string]any{"code": 401, "message": "Invalid session"})
		case owners[id] != user:
			w.Header().Set("Podium-Reason", "not yours")
			answer(w, 403, map[string]any{"code": 403, "message": "feed " + id + " is not yours", "as": r.FormValue("as")})
		default:
			answer(w, 200, []any{})
		}
	})
	mux.HandleFunc("DELETE /feeds/{id}", func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("X-From") == "/feeds/"+r.PathValue("id") {
			w.WriteHeader(204)
		}
	})
	// /echo answers with its request's body and the status in the query.
	mux.HandleFunc("POST /echo", func(w http.ResponseWriter, r *http.Request) {
		status := 200
		fmt.Sscan(r.FormValue("status"), &status)
		body, _ := io.ReadAll(r.Body)
		w.Header().Set("X-Echo", fmt.Sprint(len(body)))
		w.Header().Set("X-Host", r.Host)
		w.Header().Set("X-Type", r.Header.Get("Content-Type"))
		w.WriteHeader(status)
		w.Write(body)
	})
	return mux
}

func config() transcript.Config {
	as := func(name string) transcript.Actor {
		return func(r *http.Request) { r.Header.Set("User", name) }
	}
	return transcript.Config{
		Actors:    map[string]transcript.Actor{"alice": as("alice"), "bob": as("bob")},
		Variables: map[string]string{"topic": `50% "off" & more`, "user": "13056700579859", "short": "200"},
	}
}

// recorder is a testing.TB that records failures.
type recorder struct {
	testing.TB
	said   []string
	failed bool
}

func (r *recorder) Logf(format string, args ...any) {
	r.said = append(r.said, fmt.Sprintf(format, args...))
}
func (r *recorder) Error(args ...any) {
	r.failed = true
	r.said = append(r.said, fmt.Sprint(args...))
}
func (r *recorder) Errorf(format string, args ...any) { r.Error(fmt.Sprintf(format, args...)) }
func (r *recorder) Fatal(args ...any) {
	r.Error(args...)
	runtime.Goexit()
}
func (r *recorder) Fatalf(format string, args ...any) { r.Fatal(fmt.Sprintf(format, args...)) }

// run runs a text as a file. It returns the messages of the test, whether it failed, and the file
// afterwards.
func run(t *testing.T, text string, c transcript.Config) (said string, failed bool, after string) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "x.http")
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	r := &recorder{TB: t}
	done := make(chan struct{})
	go func() { // Fatal ends its goroutine
		defer close(done)
		transcript.Run(r, feeds(), file, c)
	}()
	<-done
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return strings.ReplaceAll(strings.Join(r.said, "\n"), file, "x.http"), r.failed, string(data)
}
