package front

import (
	"errors"
	"io"
	"net"
	"net/http"
	"os"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// TestAnswerThatIsNotTaken checks that a client that does not receive its answer is cut off, and
// one that receives it slowly is not.
func TestAnswerThatIsNotTaken(t *testing.T) {
	t.Parallel()
	answer := strings.Repeat("x", 8<<20) // more than an HTTP/2 client receives without reading
	for version := 1; version <= 2; version++ {
		for name, c := range map[string]struct {
			every time.Duration // between two reads of 32 kB
			ok    bool
		}{
			"at once": {0, true},
			"slowly":  {5 * time.Second, true},
			"not":     {time.Hour, false},
		} {
			synctest.Test(t, func(t *testing.T) {
				written := make(chan error, 1)
				handler := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
					_, err := io.WriteString(w, answer)
					written <- err
				})
				s := newServer(t, Config{Handler: handler})
				began := time.Now()
				resp, err := listenInMemory(t, s).client(t, version).Get("http://pod/")
				if err != nil {
					t.Fatal(err)
				}
				defer resp.Body.Close()
				for buffer := make([]byte, 32<<10); err == nil; {
					time.Sleep(c.every) // on the test's clock
					_, err = io.ReadFull(resp.Body, buffer)
				}
				if ok := err == io.EOF; ok != c.ok {
					t.Errorf("HTTP/%d, taken %s: %v", version, name, err)
				}
				if err := <-written; (err == nil) != c.ok {
					t.Errorf("HTTP/%d, taken %s: the handler saw %v after %v", version, name, err, time.Since(began))
				}
			})
		}
	}
}

// TestAnswerInPieces checks that between two pieces the handler may wait longer than the client
// may.
func TestAnswerInPieces(t *testing.T) {
	t.Parallel()
	large := strings.Repeat("x", 10_000) // more than net/http buffers
	for version := 1; version <= 2; version++ {
		synctest.Test(t, func(t *testing.T) {
			handler := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				for _, piece := range []string{"small, flushed", large, "small"} {
					io.WriteString(w, piece)
					if piece == "small, flushed" {
						if err := http.NewResponseController(w).Flush(); err != nil {
							t.Error(err)
						}
					}
					time.Sleep(time.Hour) // on the test's clock
				}
			})
			s := newServer(t, Config{Handler: handler})
			resp, err := listenInMemory(t, s).client(t, version).Get("http://pod/")
			if err != nil {
				t.Fatal(err)
			}
			if got := text(t, resp); got != "small, flushed"+large+"small" {
				t.Errorf("HTTP/%d: %d bytes", version, len(got))
			}
		})
	}
}

// TestShortAnswerThatIsNotTaken checks an answer that net/http writes after the handler has
// returned.
func TestShortAnswerThatIsNotTaken(t *testing.T) {
	t.Parallel()
	for patience, ok := range map[time.Duration]bool{time.Second: true, time.Hour: false} {
		synctest.Test(t, func(t *testing.T) {
			handler := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				io.WriteString(w, "a short answer")
			})
			s := newServer(t, Config{Handler: handler})
			client := listenInMemory(t, s).client(t, 2)
			client.Transport.(*http.Transport).HTTP2 = &http.HTTP2Config{MaxReceiveBufferPerStream: 1}
			resp, err := client.Get("http://pod/")
			if err != nil {
				t.Fatal(err)
			}
			defer resp.Body.Close()
			time.Sleep(patience) // on the test's clock
			if body, err := io.ReadAll(resp.Body); (err == nil) != ok {
				t.Errorf("after %v: %q, %v", patience, body, err)
			}
		})
	}
}

// TestEarlierDeadlineHolds checks that an earlier deadline of net/http or crypto/tls applies.
func TestEarlierDeadlineHolds(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		near, far := net.Pipe()
		defer near.Close()
		defer far.Close()
		conn := &patientConn{Conn: near, timeout: 30 * time.Second}
		for _, c := range []struct {
			set  func(time.Time) error
			at   time.Time
			want time.Duration
		}{
			{conn.SetWriteDeadline, time.Time{}, 45 * time.Second},
			{conn.SetWriteDeadline, time.Now().Add(50 * time.Second), 5 * time.Second},
			{conn.SetDeadline, time.Now().Add(time.Hour), 45 * time.Second},
			{conn.SetDeadline, time.Now().Add(96 * time.Second), time.Second},
		} {
			if err := c.set(c.at); err != nil {
				t.Fatal(err)
			}
			began := time.Now()
			if _, err := conn.Write([]byte("x")); !errors.Is(err, os.ErrDeadlineExceeded) {
				t.Errorf("%v", err)
			}
			if took := time.Since(began); took != c.want {
				t.Errorf("gave up after %v, not %v", took, c.want)
			}
		}
	})
}

// TestADeadlineServesSeveralPieces checks that several pieces share a deadline, but each has at
// least the whole timeout.
func TestADeadlineServesSeveralPieces(t *testing.T) {
	t.Parallel()
	for waited, want := range map[time.Duration]time.Duration{
		0:                45 * time.Second,
		10 * time.Second: 35 * time.Second,
		15 * time.Second: 30 * time.Second,
		16 * time.Second: 45 * time.Second,
		time.Hour:        45 * time.Second,
	} {
		synctest.Test(t, func(t *testing.T) {
			near, far := net.Pipe()
			defer near.Close()
			defer far.Close()
			conn := &patientConn{Conn: near, timeout: 30 * time.Second}
			go far.Read(make([]byte, 1))
			if _, err := conn.Write([]byte("x")); err != nil {
				t.Fatal(err)
			}
			time.Sleep(waited) // on the test's clock
			if err := conn.SetWriteDeadline(time.Time{}); err != nil {
				t.Fatal(err)
			}
			began := time.Now()
			if _, err := conn.Write([]byte("x")); !errors.Is(err, os.ErrDeadlineExceeded) {
				t.Errorf("%v", err)
			}
			if took := time.Since(began); took != want {
				t.Errorf("after %v: gave up after %v, not %v", waited, took, want)
			}
		})
	}
}

// TestCloseWrite checks that a client that is still sending reads the answer, because the server
// first closes its own half.
func TestCloseWrite(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	client, err := net.Dial("tcp", l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	server, err := patientListener{l, time.Minute}.Accept()
	if err != nil {
		t.Fatal(err)
	}
	defer server.Close()
	if err := server.(interface{ CloseWrite() error }).CloseWrite(); err != nil {
		t.Fatal(err)
	}
	if err := client.SetReadDeadline(time.Now().Add(10 * time.Second)); err != nil {
		t.Fatal(err)
	}
	if _, err := client.Read(make([]byte, 1)); err != io.EOF {
		t.Errorf("the client reads %v", err)
	}
	if _, err := client.Write([]byte("x")); err != nil {
		t.Error(err)
	}
	if n, err := server.Read(make([]byte, 1)); n != 1 {
		t.Errorf("the server can no longer read: %v", err)
	}
}
