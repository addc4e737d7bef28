package front

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// TestSlowHeader checks that a header that arrives too slowly ends the connection, whatever the
// protocol.
func TestSlowHeader(t *testing.T) {
	t.Parallel()
	for name, begin := range map[string]string{
		"silence":           "",
		"half a line":       "GET / HT",
		"half a header":     "GET / HTTP/1.1\r\nHost: x\r\nX-",
		"half a preface":    "PRI * HT",
		"preface, no frame": "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
	} {
		synctest.Test(t, func(t *testing.T) {
			s := newServer(t, Config{Handler: http.NotFoundHandler(), ReadHeaderTimeout: 5 * time.Second})
			conn, answer := listenInMemory(t, s).conn(t)
			began := time.Now()
			go io.Copy(conn, &trickle{ctx: t.Context(), text: begin, rest: "x", every: time.Second})
			_, _ = io.Copy(io.Discard, answer) // until the server closes
			if took := time.Since(began); took > 20*time.Second {
				t.Errorf("%s: closed after %v", name, took)
			}
		})
	}
}

func TestTricklingBody(t *testing.T) {
	t.Parallel()
	handlers := map[string]func(w http.ResponseWriter, err error){
		"answers 400":    func(w http.ResponseWriter, err error) { http.Error(w, err.Error(), 400) },
		"says nothing":   func(http.ResponseWriter, error) {},
		"believes in it": func(w http.ResponseWriter, _ error) { w.Write([]byte("done")) },
		"flushes":        func(w http.ResponseWriter, _ error) { w.(http.Flusher).Flush() },
	}
	for name, answer := range handlers {
		for version := 1; version <= 2; version++ {
			synctest.Test(t, func(t *testing.T) {
				var failed, again error
				handler := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
					_, failed = io.ReadAll(r.Body)
					_, again = r.Body.Read(make([]byte, 1))
					w.Header().Set("Content-Encoding", "strange")
					answer(w, failed)
				})
				s := newServer(t, Config{Handler: handler, BodyTimeout: 10 * time.Second})
				client := listenInMemory(t, s).client(t, version)
				began := time.Now()
				body := &trickle{ctx: t.Context(), text: "{", rest: " ", every: time.Second}
				resp, err := client.Post("http://pod/", "application/json", body)
				if err != nil {
					t.Fatalf("HTTP/%d, handler %s: %v", version, name, err)
				}
				if took := time.Since(began); took < 10*time.Second || took > 12*time.Second {
					t.Errorf("HTTP/%d, handler %s: answered after %v", version, name, took)
				}
				if said := refusal(t, resp, 408); said != "The request body did not arrive in time" {
					t.Errorf("HTTP/%d, handler %s: told %q", version, name, said)
				}
				if resp.Header.Get("Content-Encoding") != "" || version == 1 && !resp.Close {
					t.Errorf("HTTP/%d, handler %s: %v, close %v", version, name, resp.Header, resp.Close)
				}
				for _, err := range []error{failed, again} {
					if !errors.Is(err, ErrBodyTooSlow) || !errors.Is(err, os.ErrDeadlineExceeded) {
						t.Errorf("HTTP/%d, handler %s: it read %v", version, name, err)
					}
				}
			})
		}
	}
}

// TestTricklingBodyAfterTheAnswer checks that a request that is already answered gets no second
// answer.
func TestTricklingBodyAfterTheAnswer(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		handler := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			w.WriteHeader(http.StatusAccepted)
			_, err := io.ReadAll(r.Body)
			fmt.Fprint(w, errors.Is(err, ErrBodyTooSlow))
		})
		s := newServer(t, Config{Handler: handler, BodyTimeout: 10 * time.Second})
		body := &trickle{ctx: t.Context(), text: "{", rest: " ", every: time.Second}
		resp, err := listenInMemory(t, s).client(t, 2).Post("http://pod/", "application/json", body)
		if err != nil {
			t.Fatal(err)
		}
		if got := text(t, resp); resp.StatusCode != http.StatusAccepted || got != "true" {
			t.Errorf("%d %s", resp.StatusCode, got)
		}
	})
}

// TestLongPoll checks that a long poll and its connection outlive every deadline, whether it has no
// body, has read it, has closed it, or never looked at it.
func TestLongPoll(t *testing.T) {
	t.Parallel()
	const body = `{"ackId": ""}`
	for name, c := range map[string]struct {
		body string
		read func(io.ReadCloser)
	}{
		"no body":      {"", func(io.ReadCloser) {}},
		"read":         {body, func(b io.ReadCloser) { io.ReadAll(b) }},
		"half read":    {body, func(b io.ReadCloser) { b.Read(make([]byte, 3)) }},
		"closed early": {body, func(b io.ReadCloser) { b.Close() }},
		"never read":   {body, func(io.ReadCloser) {}},
	} {
		for version := 1; version <= 2; version++ {
			for _, chunked := range []bool{false, true} {
				synctest.Test(t, func(t *testing.T) {
					handler := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
						c.read(r.Body)
						if r.URL.Path == "/header-first" {
							w.(http.Flusher).Flush()
						}
						select {
						case <-time.After(time.Hour):
							fmt.Fprint(w, "nothing new")
						case <-r.Context().Done():
							fmt.Fprint(w, r.Context().Err())
						}
					})
					s := newServer(t, Config{Handler: handler, BodyTimeout: 10 * time.Second})
					p := listenInMemory(t, s)
					client, dialled := p.client(t, version), 0
					client.Transport.(*http.Transport).DialContext = func(ctx context.Context, network, address string) (net.Conn, error) {
						dialled++
						return p.dial(ctx, network, address)
					}
					for _, path := range []string{"/", "/header-first", "/"} {
						var send io.Reader
						if send = strings.NewReader(c.body); chunked {
							send = io.MultiReader(send) // so that its length is unknown
						}
						resp, err := client.Post("http://pod"+path, "application/json", send)
						if err != nil {
							t.Fatalf("HTTP/%d, body %s: %v", version, name, err)
						}
						if got := text(t, resp); got != "nothing new" {
							t.Errorf("HTTP/%d, body %s: %s", version, name, got)
						}
					}
					if dialled != 1 {
						t.Errorf("HTTP/%d, body %s: %d connections", version, name, dialled)
					}
				})
			}
		}
	}
}

// TestLongPollNoticesThatTheClientIsGone checks that a long poll whose body was read notices when
// the client disconnects.
func TestLongPollNoticesThatTheClientIsGone(t *testing.T) {
	t.Parallel()
	for version := 1; version <= 2; version++ {
		synctest.Test(t, func(t *testing.T) {
			gone := make(chan error, 1)
			handler := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				io.ReadAll(r.Body)
				<-r.Context().Done()
				gone <- r.Context().Err()
			})
			s := newServer(t, Config{Handler: handler, BodyTimeout: 10 * time.Second})
			ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
			defer cancel()
			request, err := http.NewRequestWithContext(ctx, "POST", "http://pod/", strings.NewReader("{}"))
			if err != nil {
				t.Fatal(err)
			}
			began := time.Now()
			if _, err := listenInMemory(t, s).client(t, version).Do(request); err == nil {
				t.Error("answered")
			}
			<-gone
			if took := time.Since(began); took != time.Minute {
				t.Errorf("HTTP/%d: ended after %v", version, took)
			}
		})
	}
}

// trickle returns a text at once, and then another text in pieces that do not end before the test.
type trickle struct {
	ctx        context.Context
	text, rest string
	every      time.Duration
}

func (r *trickle) Read(p []byte) (int, error) {
	if r.text == "" {
		select {
		case <-time.After(r.every):
			return copy(p, r.rest), nil
		case <-r.ctx.Done():
			return 0, r.ctx.Err()
		}
	}
	n := copy(p, r.text)
	r.text = r.text[n:]
	return n, nil
}
