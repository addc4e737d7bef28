package dbtest

import (
	"bufio"
	"encoding/binary"
	"io"
	"net"
	"net/url"
	"sync"
	"testing"
)

// Proxy stands between a test and its PostgreSQL server. Close cuts the connections there
// are and refuses new ones until Open; CutCommit cuts one at the worst moment.
type Proxy struct {
	// URL is the database as reached through the proxy.
	URL string

	listener net.Listener
	server   string // its address
	done     sync.WaitGroup
	refused  chan struct{}

	mu     sync.Mutex
	closed bool
	pairs  map[*pair]struct{}
	cuts   []cut
}

// Moment says when a connection is cut at a COMMIT.
type Moment int

// The moments.
const (
	BeforeCommit Moment = iota // the server never sees the COMMIT
	AfterCommit                // the server gets the COMMIT, and nobody waits for its answer
	AfterAnswer                // the server has committed and said so; the answer is swallowed
)

// cut is an accident that waits for a COMMIT.
type cut struct {
	moment Moment
	then   func()
}

// pair is one connection through the proxy.
type pair struct {
	client, server net.Conn

	mu      sync.Mutex
	swallow func() // runs, instead of anything going to the client, when the server answers
}

// NewProxy starts a proxy to the server of a database, ended when the test ends.
func NewProxy(t testing.TB, databaseURL string) *Proxy {
	t.Helper()
	u, err := url.Parse(databaseURL)
	if err != nil {
		t.Fatal(err)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p := &Proxy{listener: listener, server: u.Host, refused: make(chan struct{}, 1), pairs: make(map[*pair]struct{})}
	u.Host = listener.Addr().String()
	p.URL = u.String()
	p.done.Go(p.accept)
	t.Cleanup(func() {
		listener.Close()
		p.Close()
		p.done.Wait()
	})
	return p
}

// Close cuts every connection and refuses new ones.
func (p *Proxy) Close() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.closed = true
	for c := range p.pairs {
		c.cut()
	}
}

// Open lets connections through again.
func (p *Proxy) Open() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.closed = false
}

// Refused has a value once a connection was refused since it was last received from.
func (p *Proxy) Refused() <-chan struct{} { return p.refused }

// CutCommit cuts the connection that sends the next COMMIT of a transaction, and calls
// then, if it is not nil. Several calls are for as many COMMITs.
func (p *Proxy) CutCommit(moment Moment, then func()) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if then == nil {
		then = func() {}
	}
	p.cuts = append(p.cuts, cut{moment, then})
}

// Connections is how many connections go through the proxy.
func (p *Proxy) Connections() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return len(p.pairs)
}

func (p *Proxy) accept() {
	for {
		client, err := p.listener.Accept()
		if err != nil {
			return // closed: the test has ended
		}
		server, err := p.dial()
		if err != nil {
			abort(client)
			continue
		}
		c := &pair{client: client, server: server}
		if !p.add(c) {
			c.cut()
			continue
		}
		p.done.Go(func() { p.toServer(c); p.drop(c) })
		p.done.Go(func() { p.toClient(c); p.drop(c) })
	}
}

func (p *Proxy) dial() (net.Conn, error) {
	if p.isClosed() {
		p.refuse()
		return nil, net.ErrClosed
	}
	return net.Dial("tcp", p.server)
}

func (p *Proxy) isClosed() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.closed
}

func (p *Proxy) refuse() {
	select {
	case p.refused <- struct{}{}:
	default:
	}
}

func (p *Proxy) add(c *pair) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed {
		p.refuse()
		return false
	}
	p.pairs[c] = struct{}{}
	return true
}

func (p *Proxy) drop(c *pair) {
	c.cut()
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.pairs, c)
}

// cut ends both connections at once, as a lost network or a killed server does.
func (c *pair) cut() {
	abort(c.client)
	c.server.Close()
}

func abort(conn net.Conn) {
	conn.(*net.TCPConn).SetLinger(0) // a reset, not a farewell
	conn.Close()
}

// toServer forwards what the client sends, a message at a time.
func (p *Proxy) toServer(c *pair) {
	r := bufio.NewReader(c.client)
	if !forwardStart(c.server, r) {
		return
	}
	for {
		message, err := readMessage(r)
		if err != nil || p.isClosed() { // a client that was cut off may have another connection, which is not cut yet
			return
		}
		accident, ok := p.accident(message)
		if ok && accident.moment == BeforeCommit {
			c.cut()
			accident.then()
			return
		}
		if ok && accident.moment == AfterAnswer {
			c.mu.Lock()
			c.swallow = accident.then
			c.mu.Unlock()
		}
		if _, err := c.server.Write(message); err != nil {
			return
		}
		if ok && accident.moment == AfterCommit {
			c.cut()
			accident.then()
			return
		}
	}
}

// forwardStart forwards the messages that begin a connection, which bear no type. The
// tests do not use TLS.
func forwardStart(server io.Writer, r *bufio.Reader) bool {
	head, err := r.Peek(4)
	if err != nil {
		return false
	}
	_, err = io.CopyN(server, r, int64(binary.BigEndian.Uint32(head)))
	return err == nil
}

// readMessage reads a message: its type, its length, its content.
func readMessage(r *bufio.Reader) ([]byte, error) {
	head, err := r.Peek(5)
	if err != nil {
		return nil, err
	}
	message := make([]byte, 1+binary.BigEndian.Uint32(head[1:]))
	_, err = io.ReadFull(r, message)
	return message, err
}

// accident takes the accident that waits for this message, if one does.
func (p *Proxy) accident(message []byte) (cut, bool) {
	if message[0] != 'Q' || string(message[5:]) != "COMMIT\x00" {
		return cut{}, false
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.cuts) == 0 {
		return cut{}, false
	}
	first := p.cuts[0]
	p.cuts = p.cuts[1:]
	return first, true
}

// toClient forwards what the server answers.
func (p *Proxy) toClient(c *pair) {
	b := make([]byte, 32<<10)
	for {
		n, err := c.server.Read(b)
		if err != nil {
			return
		}
		c.mu.Lock()
		swallow := c.swallow
		c.mu.Unlock()
		if swallow != nil {
			swallow() // first: a client that is cut off may be back before anything else happens
			c.cut()
			return
		}
		if _, err := c.client.Write(b[:n]); err != nil {
			return
		}
	}
}
