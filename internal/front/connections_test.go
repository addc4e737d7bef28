package front

import (
	"bufio"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"net/http"
	"net/netip"
	"testing"
	"testing/synctest"
)

// dialled is an in-memory connection from a given address.
type dialled struct {
	net.Conn
	from string
}

func (d dialled) RemoteAddr() net.Addr {
	return net.TCPAddrFromAddrPort(netip.MustParseAddrPort(d.from))
}

// dialFrom connects from an address, and returns the client's end.
func (p pipes) dialFrom(t *testing.T, from string) net.Conn {
	t.Helper()
	client, server := net.Pipe()
	t.Cleanup(func() { client.Close() })
	p.conns <- dialled{server, from}
	synctest.Wait()
	return client
}

// closed reports whether the server has closed a connection on which it has sent nothing.
func closed(t *testing.T, conn net.Conn) bool {
	t.Helper()
	got := make(chan error, 1)
	go func() {
		_, err := conn.Read(make([]byte, 1))
		got <- err
	}()
	synctest.Wait()
	select {
	case err := <-got:
		return errors.Is(err, io.EOF)
	default:
		return false
	}
}

// ask sends a request and returns the status.
func ask(t *testing.T, conn net.Conn) int {
	t.Helper()
	go io.WriteString(conn, "GET / HTTP/1.1\r\nHost: pod\r\n\r\n")
	resp, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	return resp.StatusCode
}

// TestQuietConnectionsMakeRoom checks that at the limit the connection closes that has been idle
// for longest.
func TestQuietConnectionsMakeRoom(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		bound := NewConnections(3, nil)
		p := listenInMemory(t, newServer(t, Config{Handler: http.NotFoundHandler(), Connections: bound}))
		first := p.dialFrom(t, "192.0.2.1:1")
		second := p.dialFrom(t, "192.0.2.2:1")
		third := p.dialFrom(t, "192.0.2.3:1")
		if status := ask(t, first); status != 404 { // now the second is idle for longest
			t.Errorf("%d", status)
		}
		fourth := p.dialFrom(t, "192.0.2.4:1")
		if !closed(t, second) {
			t.Error("the second is open")
		}
		for _, conn := range []net.Conn{first, third, fourth} {
			if status := ask(t, conn); status != 404 {
				t.Errorf("%d", status)
			}
		}
		if open, ended := bound.Count(); open != 3 || ended != 1 {
			t.Errorf("%d open, %d ended", open, ended)
		}
		for _, conn := range []net.Conn{first, third, fourth} {
			conn.Close()
		}
		synctest.Wait()
		if open, _ := bound.Count(); open != 0 || len(bound.from) != 0 || bound.quiet.Len() != 0 {
			t.Errorf("%d open, %v, %d quiet", open, bound.from, bound.quiet.Len())
		}
	})
}

// TestConnectionsOfOneAddress checks that one address has at most half of the connections, unless
// it is a proxy, and that beyond that its own connections make room.
func TestConnectionsOfOneAddress(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		release := make(chan struct{})
		handler := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { <-release })
		bound := NewConnections(6, []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")})
		p := listenInMemory(t, newServer(t, Config{Handler: handler, Connections: bound}))
		other := p.dialFrom(t, "192.0.2.1:1")
		var own []net.Conn
		for range 4 {
			own = append(own, p.dialFrom(t, "[2001:db8::1]:1"))
		}
		if closed(t, other) || !closed(t, own[0]) {
			t.Error("another address had to make room")
		}
		for _, conn := range own[1:] {
			go io.WriteString(conn, "GET / HTTP/1.1\r\nHost: pod\r\n\r\n")
			synctest.Wait()
		}
		if !closed(t, p.dialFrom(t, "[2001:db8::ffff]:1")) {
			t.Error("an address has more than half")
		}
		close(release)
		for _, conn := range append(own, other) {
			conn.Close()
		}
		synctest.Wait()
		var proxied []net.Conn
		for range 6 {
			proxied = append(proxied, p.dialFrom(t, "10.0.0.1:1"))
		}
		for i, conn := range proxied {
			if closed(t, conn) {
				t.Errorf("connection %d of a proxy is closed", i)
			}
		}
	})
}

// TestConnectionsThatAllHaveARequest checks that the next client waits until a request ends, and
// that the end of the server ends the wait.
func TestConnectionsThatAllHaveARequest(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		release := make(chan struct{})
		handler := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { <-release })
		bound := NewConnections(2, nil)
		s := newServer(t, Config{Handler: handler, Connections: bound})
		p := listenInMemory(t, s)
		busy := []net.Conn{p.dialFrom(t, "192.0.2.1:1"), p.dialFrom(t, "192.0.2.2:1")}
		for _, conn := range busy {
			go io.WriteString(conn, "GET / HTTP/1.1\r\nHost: pod\r\n\r\n")
		}
		synctest.Wait()
		waits := p.dialFrom(t, "192.0.2.3:1")
		if open, _ := bound.Count(); open != 2 {
			t.Errorf("%d open", open)
		}
		release <- struct{}{}
		synctest.Wait()
		go func() { release <- struct{}{} }()
		go func() { release <- struct{}{} }()
		if status := ask(t, waits); status != 200 {
			t.Errorf("%d", status)
		}
	})
}

// TestConnectionsOverTLS checks that the limit holds over TLS and beside HTTP/2.
func TestConnectionsOverTLS(t *testing.T) {
	t.Parallel()
	pair := newPair(t, "one")
	bound := NewConnections(4, []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")})
	s := newServer(t, Config{Handler: http.NotFoundHandler(), Certificate: load(t, pair), Connections: bound})
	address := listen(t, s.ServeTLS)
	protocols := new(http.Protocols)
	protocols.SetHTTP2(true)
	for range 20 {
		silent, err := net.Dial("tcp", address)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { silent.Close() })
		client := newClient(t, &http.Transport{Protocols: protocols, TLSClientConfig: &tls.Config{RootCAs: pair.pool}})
		resp, err := client.Get("https://" + address)
		if err != nil {
			t.Fatal(err)
		}
		if got := text(t, resp); resp.StatusCode != 404 {
			t.Errorf("%d %s", resp.StatusCode, got)
		}
	}
	if open, ended := bound.Count(); open > 4 || ended < 36 {
		t.Errorf("%d open, %d ended", open, ended)
	}
}
