package front

import (
	"bufio"
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// refuser answers the status in the path without reading the body, or, at /part, after its first
// bytes.
var refuser = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
	status := 413
	if r.URL.Path == "/part" {
		_, _ = io.ReadFull(r.Body, make([]byte, 1000))
	} else if _, err := fmt.Sscanf(r.URL.Path, "/%d", &status); err != nil {
		panic(err)
	}
	refuse(w, status, "No")
})

const manyMegabytes = 24 << 20 // more than the buffers of two sockets on loopback hold

// TestRefusalOfALargeBodyArrives checks that a client that writes the whole body before it reads
// receives the refusal.
func TestRefusalOfALargeBodyArrives(t *testing.T) {
	t.Parallel()
	pair := newPair(t, "one")
	s := newServer(t, Config{Handler: refuser, Certificate: load(t, pair)})
	plain, secure := listen(t, s.Serve), listen(t, s.ServeTLS)
	dial := map[string]func() (net.Conn, error){
		"http": func() (net.Conn, error) { return net.Dial("tcp", plain) },
		"https": func() (net.Conn, error) {
			return tls.Dial("tcp", secure, &tls.Config{RootCAs: pair.pool, NextProtos: []string{"http/1.1"}})
		},
	}
	for scheme, dial := range dial {
		for _, chunked := range []bool{false, true} {
			for _, path := range []string{"/400", "/401", "/403", "/404", "/413", "/429", "/part"} {
				conn, err := dial()
				if err != nil {
					t.Fatal(err)
				}
				if err := writeRequest(conn, path, chunked, manyMegabytes); err != nil {
					t.Errorf("%s, chunked %v, %s: while it writes: %v", scheme, chunked, path, err)
				} else if resp, err := http.ReadResponse(bufio.NewReader(conn), nil); err != nil {
					t.Errorf("%s, chunked %v, %s: %v", scheme, chunked, path, err)
				} else if said := text(t, resp); !strings.Contains(said, `"No"`) || !resp.Close {
					t.Errorf("%s, chunked %v, %s: %s, close %v", scheme, chunked, path, said, resp.Close)
				}
				conn.Close()
			}
		}
	}
}

// writeRequest writes a POST with a body of so many bytes.
func writeRequest(w io.Writer, path string, chunked bool, bytes int) error {
	const piece = 64 << 10
	line := strings.Repeat("x", piece)
	b := bufio.NewWriterSize(w, 2*piece)
	length := fmt.Sprintf("Content-Length: %d", bytes)
	if chunked {
		length = "Transfer-Encoding: chunked"
	}
	fmt.Fprintf(b, "POST %s HTTP/1.1\r\nHost: pod\r\n%s\r\n\r\n", path, length)
	for range bytes / piece {
		if chunked {
			fmt.Fprintf(b, "%x\r\n%s\r\n", piece, line)
		} else {
			b.WriteString(line)
		}
	}
	if chunked {
		b.WriteString("0\r\n\r\n")
	}
	return b.Flush()
}

// TestRefusalOfALargeBodyArrivesOnHTTP2 checks that the stream is not reset while the client sends.
func TestRefusalOfALargeBodyArrivesOnHTTP2(t *testing.T) {
	t.Parallel()
	s := newServer(t, Config{Handler: refuser})
	address := listen(t, s.Serve)
	protocols := new(http.Protocols)
	protocols.SetUnencryptedHTTP2(true)
	client := newClient(t, &http.Transport{Protocols: protocols})
	for _, path := range []string{"/401", "/413", "/part"} {
		body := &counted{Reader: io.LimitReader(zeros{}, manyMegabytes)}
		resp, err := client.Post("http://"+address+path, "application/json", body)
		if err != nil {
			t.Errorf("%s: %v", path, err)
			continue
		}
		if said := text(t, resp); !strings.Contains(said, `"No"`) {
			t.Errorf("%s: %s", path, said)
		}
	}
}

// TestRefusalIsHeardWhileTheClientWrites checks that a client that reads while it writes receives
// the answer before it has written everything.
func TestRefusalIsHeardWhileTheClientWrites(t *testing.T) {
	t.Parallel()
	for name, head := range map[string]string{
		"long":     "POST /401 HTTP/1.1\r\nHost: pod\r\nContent-Length: 1000000\r\n\r\n",
		"short":    "POST /401 HTTP/1.1\r\nHost: pod\r\nContent-Length: 1000\r\n\r\n",
		"chunked":  "POST /401 HTTP/1.1\r\nHost: pod\r\nTransfer-Encoding: chunked\r\n\r\n",
		"HTTP/1.0": "POST /401 HTTP/1.0\r\nContent-Length: 1000000\r\n\r\n",
		"asks":     "POST /401 HTTP/1.1\r\nHost: pod\r\nExpect: 100-continue\r\nContent-Length: 1000\r\n\r\n",
	} {
		synctest.Test(t, func(t *testing.T) {
			s := newServer(t, Config{Handler: refuser, BodyTimeout: 10 * time.Second})
			conn, answer := listenInMemory(t, s).conn(t)
			began := time.Now()
			if _, err := io.WriteString(conn, head); err != nil {
				t.Fatal(err)
			}
			resp, err := http.ReadResponse(answer, nil)
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			if took := time.Since(began); took > shortWait {
				t.Errorf("%s: answered after %v", name, took)
			}
			if resp.StatusCode != 401 || !resp.Close && name != "HTTP/1.0" {
				t.Errorf("%s: %d, close %v", name, resp.StatusCode, resp.Close)
			}
			resp.Body.Close()
			_, _ = io.Copy(io.Discard, answer) // until the server closes
			if took := time.Since(began); took > 12*time.Second {
				t.Errorf("%s: closed after %v", name, took)
			}
		})
	}
}

// TestReadingOnEnds checks the limit in bytes of what is read and dropped.
func TestReadingOnEnds(t *testing.T) {
	t.Parallel()
	const limit = 1 << 20
	for _, chunked := range []bool{false, true} {
		synctest.Test(t, func(t *testing.T) {
			s := newServer(t, Config{Handler: refuser})
			s.http.Handler = limitAnswerTime(limitBodyTime(refuser, DefaultBodyTimeout, limit), writeTimeout)
			conn, answer := listenInMemory(t, s).conn(t)
			written := make(chan int)
			go func() {
				c := &countedWriter{Writer: conn}
				_ = writeRequest(c, "/413", chunked, manyMegabytes)
				written <- c.n
			}()
			resp, err := http.ReadResponse(answer, nil)
			if err != nil || resp.StatusCode != 413 {
				t.Fatalf("%v, %v", resp, err)
			}
			_, _ = io.Copy(io.Discard, answer) // until the server closes
			conn.Close()
			if n := <-written; n < limit || n > 2*limit {
				t.Errorf("chunked %v: %d bytes were taken", chunked, n)
			}
		})
	}
}

// TestConnectionIsKeptAfterAShortBody checks that after a short unread body the next request uses
// the same connection.
func TestConnectionIsKeptAfterAShortBody(t *testing.T) {
	t.Parallel()
	for _, chunked := range []bool{false, true} {
		synctest.Test(t, func(t *testing.T) {
			conn, answer := listenInMemory(t, newServer(t, Config{Handler: refuser})).conn(t)
			for _, path := range []string{"/401", "/part", "/403"} {
				go writeRequest(conn, path, chunked, 128<<10)
				resp, err := http.ReadResponse(answer, nil)
				if err != nil {
					t.Fatalf("chunked %v, %s: %v", chunked, path, err)
				}
				if said := text(t, resp); !strings.Contains(said, `"No"`) || resp.Close {
					t.Errorf("chunked %v, %s: %s, close %v", chunked, path, said, resp.Close)
				}
				synctest.Wait()
			}
		})
	}
}

// TestTheRestOfABodyIsNoRequest checks that what follows an unread body is never parsed as a
// request.
func TestTheRestOfABodyIsNoRequest(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		served := 0
		handler := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			served++
			refuse(w, 401, "No")
		})
		s := newServer(t, Config{Handler: handler, BodyTimeout: 5 * time.Second})
		conn, answer := listenInMemory(t, s).conn(t)
		wrote := make(chan struct{})
		go func() {
			defer close(wrote)
			_, _ = io.WriteString(conn, "POST / HTTP/1.1\r\nHost: pod\r\nContent-Length: 100\r\n\r\n")
			time.Sleep(6 * time.Second)
			_, _ = io.WriteString(conn, "GET /hidden HTTP/1.1\r\nHost: pod\r\n\r\n")
		}()
		got, _ := io.ReadAll(answer)
		<-wrote
		if n := strings.Count(string(got), "HTTP/1.1 "); n != 1 || served != 1 {
			t.Errorf("%d answers, %d served: %s", n, served, got)
		}
		conn.Close()
	})
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) { return len(p), nil }

// counted hides the length of the reader.
type counted struct{ io.Reader }

type countedWriter struct {
	io.Writer
	n int
}

func (c *countedWriter) Write(p []byte) (int, error) {
	n, err := c.Writer.Write(p)
	c.n += n
	return n, err
}
