package front

import (
	"container/list"
	"net"
	"net/http"
	"net/netip"
	"slices"
	"sync"
)

// Connections limits how many clients are connected at the same time, at all listeners that share
// it: each connection takes a file descriptor and memory. At the limit, the connection closes that
// has been idle for longest. If none is idle, the next client waits to be accepted. One address (an
// IPv6 /64 counts as one) has at most half of the connections, unless it is a trusted proxy. Beyond
// that, one of its own idle connections closes or, if there is none, the new one.
type Connections struct {
	most, mostFrom int
	trusted        []netip.Prefix

	mu    sync.Mutex
	freed sync.Cond // a connection has closed or become idle, or a listener has closed
	open  int
	from  map[netip.Addr]*share
	quiet list.List // of *connection: the idle ones, the one that is idle for longest first
	ended uint64    // how many were closed to make room
}

// share holds the connections of one address.
type share struct {
	open  int
	quiet list.List // like Connections.quiet
}

// NewConnections limits the connections to most. trusted are proxies, which connect for many
// clients.
func NewConnections(most int, trusted []netip.Prefix) *Connections {
	c := &Connections{
		most: most, mostFrom: max(1, most/2), trusted: slices.Clone(trusted),
		from: make(map[netip.Addr]*share),
	}
	c.freed.L = &c.mu
	return c
}

// Count returns how many connections are open, and how many were closed to make room.
func (c *Connections) Count() (open int, ended uint64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.open, c.ended
}

// connection is an accepted connection with its places in the lists.
type connection struct {
	net.Conn
	all  *Connections
	from netip.Addr
	own  *share

	// Guarded by all.mu. The places are nil while there is a request, and after closing.
	place, ownPlace *list.Element
	closed          bool
}

// boundedListener accepts the connections that Connections admits.
type boundedListener struct {
	net.Listener
	all   *Connections
	ended bool // guarded by all.mu
}

func (l *boundedListener) Accept() (net.Conn, error) {
	for {
		conn, err := l.Listener.Accept()
		if err != nil {
			return nil, err
		}
		if c := l.all.add(l, conn); c != nil {
			return c, nil
		}
		conn.Close()
	}
}

func (l *boundedListener) Close() error {
	l.all.mu.Lock()
	l.ended = true
	l.all.freed.Broadcast()
	l.all.mu.Unlock()
	return l.Listener.Close()
}

// add makes room for a connection and counts it. It returns nil if its address has too many. It
// waits while all connections have a request.
func (c *Connections) add(l *boundedListener, conn net.Conn) *connection {
	var addr netip.Addr
	if port, err := netip.ParseAddrPort(conn.RemoteAddr().String()); err == nil {
		addr = network(port.Addr().Unmap().WithZone(""))
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if own := c.from[addr]; own != nil && own.open >= c.mostFrom && !isTrusted(addr, c.trusted) {
		if own.quiet.Len() == 0 {
			return nil
		}
		c.end(own.quiet.Front())
	}
	for c.open >= c.most && !l.ended {
		if c.quiet.Len() == 0 {
			c.freed.Wait()
			continue
		}
		c.end(c.quiet.Front())
	}
	own := c.from[addr] // only now: it may have been removed while this goroutine waited
	if own == nil {
		own = &share{}
		c.from[addr] = own
	}
	c.open++
	own.open++
	added := &connection{Conn: conn, all: c, from: addr, own: own}
	added.settle()
	return added
}

// end closes an idle connection.
func (c *Connections) end(place *list.Element) {
	quiet := place.Value.(*connection)
	quiet.forget()
	c.ended++
	quiet.Conn.Close() // its server notices and closes it once more
}

// settle appends an idle connection to the lists.
func (c *connection) settle() {
	if c.place == nil && !c.closed {
		c.place, c.ownPlace = c.all.quiet.PushBack(c), c.own.quiet.PushBack(c)
		c.all.freed.Signal()
	}
}

// rise removes a connection with a request from the lists.
func (c *connection) rise() {
	if c.place != nil {
		c.all.quiet.Remove(c.place)
		c.own.quiet.Remove(c.ownPlace)
		c.place, c.ownPlace = nil, nil
	}
}

// forget stops counting a connection.
func (c *connection) forget() {
	if c.closed {
		return
	}
	c.rise()
	c.closed = true
	c.all.open--
	if c.own.open--; c.own.open == 0 {
		delete(c.all.from, c.from)
	}
	c.all.freed.Signal()
}

func (c *connection) Close() error {
	err := c.Conn.Close()
	c.all.mu.Lock()
	defer c.all.mu.Unlock()
	c.forget()
	return err
}

// CloseWrite closes the writing half, for patientConn.
func (c *connection) CloseWrite() error {
	if half, ok := c.Conn.(interface{ CloseWrite() error }); ok {
		return half.CloseWrite()
	}
	return nil
}

// hear implements http.Server.ConnState: it records which connections have a request.
func (c *Connections) hear(conn net.Conn, state http.ConnState) {
	if state != http.StateActive && state != http.StateIdle {
		return // a new connection is in the lists already, and Close handles one that closes
	}
	if secure, ok := conn.(interface{ NetConn() net.Conn }); ok {
		conn = secure.NetConn()
	}
	patient, ok := conn.(*patientConn)
	if !ok {
		return
	}
	counted, ok := patient.Conn.(*connection)
	if !ok {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if state == http.StateActive {
		counted.rise()
	} else {
		counted.settle()
	}
}
