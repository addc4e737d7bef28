package dbtest

import (
	"bufio"
	"encoding/binary"
	"io"
	"net"
	"net/url"
	"strings"
	"sync"
	"testing"
)

// Proxy stands between a test and its PostgreSQL server. Close cuts the connections there
// are and refuses new ones until Open; CutCommit cuts one at the worst moment. Silence keeps
// connections and passes nothing on until Speak; Lead has new ones lead to another server.
type Proxy struct {
	// URL is the database as reached through the proxy.
	URL string

	listener net.Listener
	server   string // its address
	done     sync.WaitGroup
	refused  chan struct{}

	mu     sync.Mutex
	closed bool
	silent chan struct{} // closed when the proxy speaks again; nil while it speaks
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

	ended   chan struct{} // closed when the pair is cut
	end     sync.Once
	commits map[string]bool // names of prepared statements that are COMMIT

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
		p.Speak()
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

// Silence passes nothing on any more, in either direction: connections stay, new ones are accepted, and
// nobody answers. What is sent meanwhile is passed on by Speak, as after a network's stall.
func (p *Proxy) Silence() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.silent == nil {
		p.silent = make(chan struct{})
	}
}

// Speak passes everything on again.
func (p *Proxy) Speak() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.silent != nil {
		close(p.silent)
		p.silent = nil
	}
}

// Lead has new connections lead to the server of another database.
func (p *Proxy) Lead(t testing.TB, databaseURL string) {
	t.Helper()
	u, err := url.Parse(databaseURL)
	if err != nil {
		t.Fatal(err)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.server = u.Host
}

// allow waits while the proxy is silent. It reports whether the pair still stands.
func (p *Proxy) allow(c *pair) bool {
	for {
		p.mu.Lock()
		silent := p.silent
		p.mu.Unlock()
		if silent == nil {
			return true
		}
		select {
		case <-silent:
		case <-c.ended:
			return false
		}
	}
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
		c := &pair{client: client, server: server, ended: make(chan struct{}), commits: make(map[string]bool)}
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
	p.mu.Lock()
	server := p.server
	p.mu.Unlock()
	return net.Dial("tcp", server)
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
	c.end.Do(func() { close(c.ended) })
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
	if _, err := r.Peek(1); err != nil || !p.allow(c) || !forwardStart(c.server, r) {
		return
	}
	var after func() // cuts the pair once the COMMIT is sent whole
	for {
		message, err := readMessage(r)
		if err != nil || p.isClosed() || !p.allow(c) { // a client that was cut off may have another connection, which is not cut yet
			return
		}
		accident, ok := cut{}, false
		if c.isCommit(message) {
			accident, ok = p.accident()
		}
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
			after = accident.then
		}
		if after != nil && (message[0] == 'Q' || message[0] == 'S') { // which is when the server begins
			c.cut()
			after()
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

// isCommit reports whether a message is a COMMIT: a simple query, or the use of a statement that was prepared.
func (c *pair) isCommit(message []byte) bool {
	parts := strings.Split(string(message[5:]), "\x00")
	isCommit := func(sql string) bool { return sql == "COMMIT" } // questions of what became of one end with another word
	switch {
	case message[0] == 'Q':
		return isCommit(parts[0])
	case message[0] == 'P' && len(parts) > 1: // Parse: name, statement
		c.commits[parts[0]] = isCommit(parts[1])
	case message[0] == 'B' && len(parts) > 1: // Bind: portal, name
		return c.commits[parts[1]]
	}
	return false
}

// accident takes the accident that waits for a COMMIT, if one does.
func (p *Proxy) accident() (cut, bool) {
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
		if err != nil || !p.allow(c) {
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
