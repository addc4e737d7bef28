package notify

import (
	"fmt"
	"log/slog"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/nats-io/nats.go"
)

const (
	subjectPrefix = "podium."

	// everything is the topic by which a node tells the others that they may have missed
	// notifications. It is not a valid name, so no caller can listen to it.
	everything = "_everything"

	reconnectWait = 250 * time.Millisecond
	pingInterval  = 10 * time.Second // a dead connection is noticed after three
	flushPatience = time.Minute      // longer than it takes to notice a dead connection
	closePatience = 2 * time.Second
	mostTroubles  = 10
)

// NATS is the Notifier of a pod with several nodes. One subscription, made before the first
// listener, receives all topics. So no listener is late, and a long poll costs no round trip to
// NATS.
//
// The connection is made again without limit. After an outage, or after messages were dropped
// because this node was too slow, every listener here is told that anything may have changed. The
// other nodes are told the same if messages of this node may be lost.
type NATS struct {
	local *Local
	log   *slog.Logger
	conn  *nats.Conn
	heard *nats.Subscription

	dropped int             // of heard; only its goroutine reads it
	trouble map[string]bool // logged since the connection was last made; only the callbacks use it

	outgoing chan message  // not yet sent to the other nodes
	missed   chan struct{} // a message was lost, in either direction
	ended    chan struct{} // closed by Close
	sent     chan struct{} // closed when the sending goroutine has ended
	closing  sync.Once
}

// Connect connects to a NATS server. urls is one address or several separated by commas, which may
// contain credentials. If no server can be reached, Connect succeeds and keeps trying, because one
// node works alone. It fails if an address cannot be parsed.
func Connect(urls string, log *slog.Logger) (*NATS, error) {
	if err := checkURLs(urls); err != nil {
		return nil, err
	}
	n := &NATS{
		local:    NewLocal(),
		log:      log,
		trouble:  make(map[string]bool),
		outgoing: make(chan message, outgoingBuffer),
		missed:   make(chan struct{}, 1),
		ended:    make(chan struct{}),
		sent:     make(chan struct{}),
	}
	conn, err := nats.Connect(urls, append(n.callbacks(),
		nats.Name("podium"),
		nats.NoEcho(), // this node delivers its own notifications itself
		nats.RetryOnFailedConnect(true),
		nats.MaxReconnects(-1),
		nats.IgnoreAuthErrorAbort(), // the credentials may be corrected on the server
		nats.ReconnectWait(reconnectWait),
		nats.ReconnectJitter(reconnectWait, reconnectWait),
		// one message after the outage replaces all that could not be sent
		nats.ReconnectBufSize(-1),
		nats.PingInterval(pingInterval),
		nats.MaxPingsOutstanding(2),
	)...)
	if err != nil {
		return nil, fmt.Errorf("connect to NATS: %w", err)
	}
	n.conn = conn
	if n.heard, err = conn.Subscribe(subjectPrefix+"*", n.receive); err != nil {
		conn.Close()
		return nil, fmt.Errorf("subscribe to NATS: %w", err)
	}
	if conn.IsConnected() {
		// from here on this node receives; if it fails, reconnecting has the same effect
		_ = conn.FlushTimeout(closePatience)
	}
	go n.send()
	return n, nil
}

// checkURLs returns an error for an address that cannot be parsed. The error does not contain the
// address: that of the standard library would print the password.
func checkURLs(urls string) error {
	for i, text := range strings.Split(urls, ",") {
		text = strings.TrimSpace(text)
		if !strings.Contains(text, "://") {
			text = "nats://" + text
		}
		u, err := url.Parse(text)
		if err != nil || u.Hostname() == "" || u.User == nil && strings.Contains(text, "@") {
			return fmt.Errorf("NATS address %d cannot be parsed", i+1)
		}
	}
	return nil
}

// callbacks returns the options that log and repair outages. nats.go calls them one after another,
// on one goroutine.
func (n *NATS) callbacks() []nats.Option {
	back := func(conn *nats.Conn) {
		clear(n.trouble)
		n.log.Info("connected to NATS", "server", conn.ConnectedUrlRedacted())
		n.remember()
	}
	away := func(_ *nats.Conn, err error) { n.complain(err) }
	return []nats.Option{
		nats.ConnectHandler(func(conn *nats.Conn) {
			if conn.Stats().Reconnects > 0 { // not at the first attempt
				back(conn)
			}
		}),
		nats.ReconnectHandler(back),
		nats.DisconnectErrHandler(away),
		nats.ReconnectErrHandler(away),
		nats.ErrorHandler(func(_ *nats.Conn, _ *nats.Subscription, err error) { n.complain(err) }),
	}
}

// complain logs each error once until the connection is made again: it is tried several times a
// second.
func (n *NATS) complain(err error) {
	if err == nil || len(n.trouble) >= mostTroubles || n.trouble[err.Error()] {
		return
	}
	n.trouble[err.Error()] = true
	n.log.Warn("trouble with NATS", "error", err)
}

// receive delivers a message of another node. It also checks whether messages were dropped. They
// are dropped while the queue before this function is full, so it is called again after the last
// drop.
func (n *NATS) receive(m *nats.Msg) {
	if topic := strings.TrimPrefix(m.Subject, subjectPrefix); topic == everything {
		n.local.wakeAll()
	} else {
		n.local.deliver(topic, string(m.Data))
	}
	if dropped, err := m.Sub.Dropped(); err == nil && dropped != n.dropped {
		n.dropped = dropped
		n.local.wakeAll()
	}
}

// Listen returns a channel that receives the payloads of the topic until stop is called.
func (n *NATS) Listen(topic string) (woken <-chan string, stop func()) {
	return n.local.Listen(topic)
}

// Handle calls do for each payload of the topic until stop is called.
func (n *NATS) Handle(topic string, do func(payload string)) (stop func()) {
	return n.local.Handle(topic, do)
}
