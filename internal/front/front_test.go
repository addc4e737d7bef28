package front

import (
	"bufio"
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"testing"
)

func TestProtocols(t *testing.T) {
	t.Parallel()
	pair := newPair(t, "one")
	handler := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		fmt.Fprintf(w, "%s tls=%v %s %v", r.Proto, r.TLS != nil, body, err)
	})
	s := newServer(t, Config{Handler: handler, Certificate: load(t, pair)})
	plain, secure := listen(t, s.Serve), listen(t, s.ServeTLS)
	for _, c := range []struct {
		scheme, address string
		choose          func(*http.Protocols)
		want            string
	}{
		{"http", plain, func(p *http.Protocols) { p.SetHTTP1(true) }, "HTTP/1.1 tls=false hello <nil>"},
		{"http", plain, func(p *http.Protocols) { p.SetUnencryptedHTTP2(true) }, "HTTP/2.0 tls=false hello <nil>"},
		{"https", secure, func(p *http.Protocols) { p.SetHTTP1(true) }, "HTTP/1.1 tls=true hello <nil>"},
		{"https", secure, func(p *http.Protocols) { p.SetHTTP2(true) }, "HTTP/2.0 tls=true hello <nil>"},
		{"https", secure, func(p *http.Protocols) { p.SetHTTP1(true); p.SetHTTP2(true) }, "HTTP/2.0 tls=true hello <nil>"},
	} {
		protocols := new(http.Protocols)
		c.choose(protocols)
		client := newClient(t, &http.Transport{Protocols: protocols, TLSClientConfig: &tls.Config{RootCAs: pair.pool}})
		resp, err := client.Post(c.scheme+"://"+c.address, "text/plain", strings.NewReader("hello"))
		if err != nil {
			t.Errorf("%s over %s: %v", c.scheme, protocols, err)
			continue
		}
		if got := text(t, resp); got != c.want {
			t.Errorf("%s over %s: %q, not %q", c.scheme, protocols, got, c.want)
		}
	}
}

func TestHeaderTooLarge(t *testing.T) {
	t.Parallel()
	handler := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {})
	address := listen(t, newServer(t, Config{Handler: handler, MaxHeaderBytes: 8 << 10}).Serve)
	for name, choose := range map[string]func(*http.Protocols){
		"HTTP/1": func(p *http.Protocols) { p.SetHTTP1(true) },
		"HTTP/2": func(p *http.Protocols) { p.SetUnencryptedHTTP2(true) },
	} {
		for size, want := range map[int]int{4 << 10: 200, 16 << 10: 431} {
			protocols := new(http.Protocols)
			choose(protocols)
			client := newClient(t, &http.Transport{Protocols: protocols})
			request, err := http.NewRequest("GET", "http://"+address, nil)
			if err != nil {
				t.Fatal(err)
			}
			for i := range size >> 10 {
				request.Header.Set(fmt.Sprint("X-", i), strings.Repeat("x", 1000))
			}
			resp, err := client.Do(request)
			// Once it knows the limit, the HTTP/2 client itself refuses to send.
			if err != nil && name == "HTTP/2" && want == 431 && strings.Contains(err.Error(), "request header list larger") {
				continue
			}
			if err != nil {
				t.Errorf("%s, %d bytes: %v", name, size, err)
				continue
			}
			if resp.StatusCode != want {
				t.Errorf("%s, %d bytes: %d, not %d", name, size, resp.StatusCode, want)
			}
			resp.Body.Close()
		}
	}
}

func TestMessagesOfNetHTTPAreLogged(t *testing.T) {
	t.Parallel()
	for line, want := range map[string]string{
		"http: TLS handshake error from 192.0.2.1:1234: EOF\n":                 "DEBUG",
		"http2: server: error reading preface from client 192.0.2.1:1: EOF\n":  "DEBUG",
		"http2: panic serving 192.0.2.1:1234: oh no\n":                         "WARN",
		"http: panic serving 192.0.2.1:1234: oh no\n":                          "WARN",
		"http: Accept error: accept tcp: too many open files; retrying in 5ms": "WARN",
	} {
		var out strings.Builder
		log := slog.New(slog.NewTextHandler(&out, &slog.HandlerOptions{Level: slog.LevelDebug}))
		errorLog(log).Print(line)
		if !strings.Contains(out.String(), "level="+want) || !strings.Contains(out.String(), strings.TrimSpace(line)) {
			t.Errorf("%s is logged as %s", line, out.String())
		}
	}
}

func TestConfigIsChecked(t *testing.T) {
	t.Parallel()
	log := slog.New(slog.DiscardHandler)
	for name, c := range map[string]Config{
		"no handler":       {Log: log},
		"no log":           {Handler: http.NotFoundHandler()},
		"too long a grace": {Handler: http.NotFoundHandler(), Log: log, Drain: NewDrain(shutdownLimit, nil)},
	} {
		if _, err := New(c); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
	s := newServer(t, Config{Handler: http.NotFoundHandler()})
	if err := s.ServeTLS(nil); err == nil {
		t.Error("TLS without a certificate: accepted")
	}
}

// newServer returns a server that is closed at the end of the test.
func newServer(t *testing.T, c Config) *Server {
	t.Helper()
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	s, err := New(c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.http.Close() })
	return s
}

// listen serves on a port that the system chooses, and returns its address.
func listen(t *testing.T, serve func(net.Listener) error) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	go serveUntilClosed(t, serve, l)
	return l.Addr().String()
}

func serveUntilClosed(t *testing.T, serve func(net.Listener) error, l net.Listener) {
	if err := serve(l); err != nil && !errors.Is(err, net.ErrClosed) {
		t.Errorf("serve: %v", err)
	}
}

// newClient returns a client that follows no redirects and closes its connections at the end of the
// test.
func newClient(t *testing.T, transport *http.Transport) *http.Client {
	t.Helper()
	t.Cleanup(transport.CloseIdleConnections)
	return &http.Client{Transport: transport}
}

func text(t *testing.T, resp *http.Response) string {
	t.Helper()
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(body)
}

// refusal checks that an answer is a refusal in JSON, and returns its message.
func refusal(t *testing.T, resp *http.Response, status int) string {
	t.Helper()
	body := text(t, resp)
	var said struct {
		Code    int
		Message string
	}
	if err := json.Unmarshal([]byte(body), &said); err != nil {
		t.Fatalf("%d: %q is no JSON: %v", resp.StatusCode, body, err)
	}
	if resp.StatusCode != status || said.Code != status || resp.Header.Get("Content-Type") != "application/json; charset=utf-8" {
		t.Fatalf("not a refusal with %d: %d %q %s", status, resp.StatusCode, resp.Header.Get("Content-Type"), body)
	}
	return said.Message
}

// pipes is an in-memory listener, so that testing/synctest controls the clock.
type pipes struct {
	conns  chan net.Conn
	closed context.Context
	close  context.CancelFunc
}

// listenInMemory serves on pipes.
func listenInMemory(t *testing.T, s *Server) pipes {
	t.Helper()
	closed, stop := context.WithCancel(context.Background())
	p := pipes{make(chan net.Conn), closed, stop}
	go serveUntilClosed(t, s.Serve, p)
	return p
}

func (p pipes) dial(context.Context, string, string) (net.Conn, error) {
	client, server := net.Pipe()
	select {
	case p.conns <- server:
		return client, nil
	case <-p.closed.Done():
		return nil, net.ErrClosed
	}
}

// conn returns the client's end of a new connection, with a reader for the answer.
func (p pipes) conn(t *testing.T) (net.Conn, *bufio.Reader) {
	t.Helper()
	conn, err := p.dial(t.Context(), "", "")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	return conn, bufio.NewReader(conn)
}

// client returns a client for HTTP/1, or for HTTP/2 by prior knowledge.
func (p pipes) client(t *testing.T, version int) *http.Client {
	t.Helper()
	protocols := new(http.Protocols)
	protocols.SetHTTP1(version == 1)
	protocols.SetUnencryptedHTTP2(version == 2)
	return newClient(t, &http.Transport{Protocols: protocols, DialContext: p.dial})
}

func (p pipes) Accept() (net.Conn, error) {
	select {
	case conn := <-p.conns:
		return conn, nil
	case <-p.closed.Done():
		return nil, net.ErrClosed
	}
}

func (p pipes) Close() error   { p.close(); return nil }
func (p pipes) Addr() net.Addr { return &net.UnixAddr{Name: "pipes", Net: "unix"} }
