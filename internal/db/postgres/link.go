package postgres

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

const (
	// how long a connection is silent before the system probes it
	keepAliveIdle     = 5 * time.Second
	keepAliveInterval = 2 * time.Second
	keepAliveCount    = 3

	// farewell is how long closing a connection may take.
	farewell = time.Second

	// slack is how much longer than the server the client waits for a statement.
	slack = time.Second
)

// links opens the connections of one engine, and can end them all.
type links struct {
	limit   time.Duration // of a statement
	limited atomic.Bool   // false while the tables are migrated, which has no limit

	mu    sync.Mutex
	all   map[*link]struct{}
	ended bool
}

// link is the network connection of one database connection: it limits how long the server may be
// silent.
type link struct {
	net.Conn
	links *links

	connected  atomic.Bool
	committing atomic.Bool // a COMMIT is running, which must not be cancelled
	unhurried  atomic.Bool // statements have no time limit
	warning    string      // the server's warning at the COMMIT; used only by the connection's user
	greeted    bool
	clock      time.Duration // how far the server's clock is ahead of this machine's

	mu    sync.Mutex
	until time.Time // the deadline set by pgx; zero: none
}

// linkOf returns the link of a connection of the engine.
func linkOf(conn *pgx.Conn) *link { return conn.PgConn().CustomData()["link"].(*link) }

// prepare makes a new connection use its own link.
func (l *links) prepare(_ context.Context, config *pgx.ConnConfig) error {
	var one *link // the last one dialled: of several servers, the first writable one is used
	config.DialFunc = func(ctx context.Context, network, address string) (net.Conn, error) {
		if one != nil && one.connected.Load() {
			return one.dialToCancel(ctx, network, address)
		}
		conn, err := l.dialer().DialContext(ctx, network, address)
		if err != nil {
			return nil, err
		}
		one = &link{Conn: conn, links: l}
		if !l.add(one) {
			conn.Close()
			return nil, net.ErrClosed
		}
		return one, nil
	}
	config.OnNotice = func(_ *pgconn.PgConn, n *pgconn.Notice) {
		if n.SeverityUnlocalized == "WARNING" {
			one.warning = n.Message
		}
	}
	config.ValidateConnect = func(_ context.Context, conn *pgconn.PgConn) error {
		if conn.ParameterStatus("in_hot_standby") == "on" {
			return errors.New("the server is a standby: it cannot be written to")
		}
		conn.CustomData()["link"] = one
		one.connected.Store(true)
		return nil
	}
	return nil
}

func (l *links) dialer() *net.Dialer {
	return &net.Dialer{
		KeepAliveConfig: net.KeepAliveConfig{Enable: true, Idle: keepAliveIdle, Interval: keepAliveInterval, Count: keepAliveCount},
		Control:         giveUpAfter(l.limit),
	}
}

// dialToCancel connects to the server to cancel the link's statement, which pgx does when it gives
// up a connection.
func (l *link) dialToCancel(ctx context.Context, network, address string) (net.Conn, error) {
	if l.committing.Load() {
		// A server that waits for its standby would commit without it.
		return nil, errors.New("a COMMIT is not cancelled")
	}
	dialer := l.links.dialer()
	dialer.Timeout = farewell
	conn, err := dialer.DialContext(ctx, network, address)
	if err != nil {
		return nil, err
	}
	cancel := &link{Conn: conn, links: l.links}
	cancel.connected.Store(true)
	return cancel, cancel.SetDeadline(time.Now().Add(farewell))
}

// Read reads from the server. It fails if the server is silent for longer than a statement may
// take.
func (l *link) Read(b []byte) (int, error) {
	if err := l.bound(l.Conn.SetReadDeadline); err != nil {
		return 0, err
	}
	return l.Conn.Read(b)
}

// Write sends to the server. It fails if the server accepts nothing for longer than a statement may
// take.
func (l *link) Write(b []byte) (int, error) {
	if err := l.bound(l.Conn.SetWriteDeadline); err != nil {
		return 0, err
	}
	return l.Conn.Write(b)
}

func (l *link) bound(set func(time.Time) error) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	deadline := l.until
	if l.links.limited.Load() && !l.unhurried.Load() {
		if limit := time.Now().Add(l.links.limit + slack); deadline.IsZero() || limit.Before(deadline) {
			deadline = limit
		}
	}
	return set(deadline)
}

// SetDeadline sets the deadline of reads and writes. pgx sets a past one when a context ends, and a
// future one for closing, which must not take long.
func (l *link) SetDeadline(t time.Time) error {
	if l.connected.Load() && !t.IsZero() {
		if soon := time.Now().Add(farewell); t.After(soon) {
			t = soon
		}
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.until = t
	return l.Conn.SetDeadline(t)
}

// Close ends the connection.
func (l *link) Close() error {
	l.links.remove(l)
	return l.Conn.Close()
}

func (l *links) add(one *link) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.ended {
		return false
	}
	if l.all == nil {
		l.all = make(map[*link]struct{})
	}
	l.all[one] = struct{}{}
	return true
}

func (l *links) remove(one *link) {
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.all, one)
}

// cut ends all connections, and prevents new ones.
func (l *links) cut() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.ended = true
	for one := range l.all {
		one.Conn.Close()
	}
}

// greeting returns columns of a statement that make the server, too, limit statements and silences
// of a connection, so that a lost node holds neither locks nor the horizon.
func (l *links) greeting() string {
	var b strings.Builder
	for _, setting := range [][2]string{
		{"statement_timeout", millis(l.limit)},
		{"idle_in_transaction_session_timeout", millis(idleLimit)},
		{"tcp_keepalives_idle", seconds(keepAliveIdle)},
		{"tcp_keepalives_interval", seconds(keepAliveInterval)},
		{"tcp_keepalives_count", strconv.Itoa(keepAliveCount)},
	} {
		fmt.Fprintf(&b, ", set_config('%s', '%s', false)", setting[0], setting[1])
	}
	return b.String()
}

func millis(d time.Duration) string  { return strconv.FormatInt(d.Milliseconds(), 10) }
func seconds(d time.Duration) string { return strconv.Itoa(int(d.Seconds())) }

// idleLimit is how long a transaction may wait for its node's next statement.
const idleLimit = 30 * time.Second
