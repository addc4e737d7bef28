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

// Proxy forwards between a test and its PostgreSQL server. Close cuts the connections and refuses
// new ones until Open. CutCommit cuts a connection at a COMMIT. Silence keeps connections but
// forwards nothing until Speak. Lead sends new connections to another server.
type Proxy struct {
	// URL is the address of the database through the proxy.
	URL string

	listener net.Listener
	server   string // its address
	done     sync.WaitGroup
	refused  chan struct{}

	mu     sync.Mutex
	closed bool
	silent chan struct{} // closed when the proxy forwards again; nil while it forwards
	pairs  map[*pair]struct{}
	cuts   []cut
}

// Moment is when a connection is cut at a COMMIT.
type Moment int

// The moments.
const (
	BeforeCommit Moment = iota // the server never sees the COMMIT
	AfterCommit                // the server gets the COMMIT, and its answer is not awaited
	AfterAnswer                // the server has committed and answered; the answer is dropped
)

// cut is a cut that waits for a COMMIT.
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
	swallow func() // called instead of forwarding when the server answers
}

// NewProxy starts a proxy to the server of a database. It ends with the test.
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

// Silence stops forwarding in both directions: connections stay, new ones are accepted, and no
// answer comes. Speak forwards what was sent meanwhile, as after a network stall.
func (p *Proxy) Silence() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.silent == nil {
		p.silent = make(chan struct{})
	}
}

// Speak resumes forwarding.
func (p *Proxy) Speak() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.silent != nil {
		close(p.silent)
		p.silent = nil
	}
}

// Lead makes new connections go to the server of another database.
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

// allow waits while the proxy is silent. It reports whether the pair is still connected.
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

// Refused returns a channel that receives when a connection is refused.
func (p *Proxy) Refused() <-chan struct{} { return p.refused }

// CutCommit cuts the connection that sends the next COMMIT of a transaction, and calls then, if it
// is not nil. Several calls apply to as many COMMITs.
func (p *Proxy) CutCommit(moment Moment, then func()) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if then == nil {
		then = func() {}
	}
	p.cuts = append(p.cuts, cut{moment, then})
}

// Connections returns how many connections go through the proxy.
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

// cut resets both connections at once, like a lost network or a killed server.
func (c *pair) cut() {
	c.end.Do(func() { close(c.ended) })
	abort(c.client)
	c.server.Close()
}

func abort(conn net.Conn) {
	conn.(*net.TCPConn).SetLinger(0) // a reset instead of a regular close
	conn.Close()
}

// toServer forwards the client's messages one by one.
func (p *Proxy) toServer(c *pair) {
	r := bufio.NewReader(c.client)
	if _, err := r.Peek(1); err != nil || !p.allow(c) || !forwardStart(c.server, r) {
		return
	}
	var after func() // cuts the pair after the COMMIT is sent completely
	for {
		message, err := readMessage(r)
		// a client that was cut off may have another connection, which is not cut yet
		if err != nil || p.isClosed() || !p.allow(c) {
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
		// the server begins at these messages
		if after != nil && (message[0] == 'Q' || message[0] == 'S') {
			c.cut()
			after()
			return
		}
	}
}

// forwardStart forwards the messages that begin a connection, which have no type. The tests do not
// use TLS.
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

// isCommit reports whether a message is a COMMIT: a simple query, or the execution of a prepared
// statement.
func (c *pair) isCommit(message []byte) bool {
	parts := strings.Split(string(message[5:]), "\x00")
	// queries for the outcome of a commit end with another word
	isCommit := func(sql string) bool { return sql == "COMMIT" }
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

// accident removes and returns the cut that waits for a COMMIT, if there is one.
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

// toClient forwards the server's answers.
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
			// first, because a client that is cut off may be back before anything else happens
			swallow()
			c.cut()
			return
		}
		if _, err := c.client.Write(b[:n]); err != nil {
			return
		}
	}
}
