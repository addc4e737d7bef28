package podtest

import (
	"io"
	"net/http"
	"net/http/httptest"
	"reflect"
	"strings"
	"testing"
)

// TestDirectAnswersLikeAServer compares answers without a socket with those of a server.
func TestDirectAnswersLikeAServer(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		w.Header().Set("Content-Type", "text/plain")
		w.Header().Set("Said", r.Method+" "+r.RequestURI+" "+r.URL.Path+" "+r.Host+" "+r.Header.Get("Asked")+" "+string(body))
		switch r.URL.Path {
		case "/none":
			w.WriteHeader(http.StatusNoContent)
			w.Header().Set("Late", "x")
		case "/panic":
			panic(http.ErrAbortHandler)
		case "/parts":
			_, _ = io.WriteString(w, "one ")
			_ = http.NewResponseController(w).Flush()
			_, _ = io.WriteString(w, "two")
		case "/wrong":
			http.Error(w, "No", http.StatusTeapot)
		}
	}))
	t.Cleanup(server.Close)
	host := server.Listener.Addr().String()
	for _, target := range []string{"/", "/none", "/panic", "/parts", "/wrong", "/a%2Fb?c=%20d&e", "//twice"} {
		for _, method := range []string{"GET", "HEAD", "POST"} {
			ask := func(through http.RoundTripper) (status int, header http.Header, body string, failed bool) {
				request, err := http.NewRequestWithContext(t.Context(), method, server.URL+target, strings.NewReader("given"))
				if err != nil {
					t.Fatal(err)
				}
				request.Header.Set("Asked", "x")
				answer, err := through.RoundTrip(request)
				if err != nil {
					return 0, nil, "", true
				}
				defer answer.Body.Close()
				data, err := io.ReadAll(answer.Body)
				answer.Header.Del("Date")
				answer.Header.Del("Content-Length")
				return answer.StatusCode, answer.Header, string(data), err != nil
			}
			status, header, body, failed := ask(direct{host: server.Config.Handler})
			wantStatus, wantHeader, wantBody, wantFailed := ask(http.DefaultTransport)
			if status != wantStatus || !reflect.DeepEqual(header, wantHeader) || body != wantBody || failed != wantFailed {
				t.Errorf("%s %s: %d %v %q %v, not %d %v %q %v", method, target, status, header, body, failed, wantStatus, wantHeader, wantBody, wantFailed)
			}
		}
	}
}

// TestDirectEndsWithItsClient checks that a handler learns that its client has gone, and that what
// it wrote before can be read at once.
func TestDirectEndsWithItsClient(t *testing.T) {
	t.Parallel()
	ended := make(chan struct{})
	handler := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.WriteString(w, "begun")
		<-r.Context().Done()
		close(ended)
	})
	request, err := http.NewRequestWithContext(t.Context(), "GET", "http://pod/", nil)
	if err != nil {
		t.Fatal(err)
	}
	answer, err := direct{"pod": handler}.RoundTrip(request)
	if err != nil {
		t.Fatal(err)
	}
	begun := make([]byte, 5)
	if _, err := io.ReadFull(answer.Body, begun); err != nil || string(begun) != "begun" {
		t.Fatalf("%q, %v", begun, err)
	}
	answer.Body.Close()
	<-ended
}
