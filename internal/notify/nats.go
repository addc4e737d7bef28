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

	// everything is the topic by which one node tells the others that they may have
	// missed anything. It is not a name, so nobody can listen to it.
	everything = "_everything"

	reconnectWait = 250 * time.Millisecond
	pingInterval  = 10 * time.Second // a dead connection is noticed after three
	flushPatience = time.Minute      // longer than it takes to notice a dead connection
	closePatience = 2 * time.Second
	mostTroubles  = 10
)

// NATS is the Notifier of a pod with several nodes. One subscription hears all topics:
// it stands before the first listener comes, so none listens too late, and nobody
// pays a round trip for each long poll.
//
// The connection is made again for ever. After it was away, or when this node was too
// slow and messages were dropped, everybody here is told that anything may have
// changed; and the other nodes are told so after this one may have spoken in vain.
type NATS struct {
	local *Local
	log   *slog.Logger
	conn  *nats.Conn
	heard *nats.Subscription

	dropped int             // of heard; only its goroutine looks
	trouble map[string]bool // logged since the connection was last made; only the callbacks look

	outgoing chan message  // what the others are still to be told
	missed   chan struct{} // something was lost on either way
	ended    chan struct{} // closed by Close
	sent     chan struct{} // closed when the sending goroutine has ended
	closing  sync.Once
}

// Connect joins the nodes that use the same NATS server: urls is one address or
// several with commas between, which may carry credentials. When none can be reached
// Connect succeeds all the same and goes on trying, for a node alone is still a node.
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
		nats.NoEcho(), // what this node says it has told itself already
		nats.RetryOnFailedConnect(true),
		nats.MaxReconnects(-1),
		nats.IgnoreAuthErrorAbort(), // credentials may be mended on the server
		nats.ReconnectWait(reconnectWait),
		nats.ReconnectJitter(reconnectWait, reconnectWait),
		nats.ReconnectBufSize(-1), // what cannot be said now is made good by one message later
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
		_ = conn.FlushTimeout(closePatience) // from here on this node hears; if it fails, reconnecting does the same
	}
	go n.send()
	return n, nil
}

// checkURLs refuses what cannot be parsed, without repeating it: the error of the
// standard library would print the password.
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

// callbacks are called by nats.go one after the other, on one goroutine.
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

// complain logs each trouble once until the connection is made again: it is tried
// several times a second.
func (n *NATS) complain(err error) {
	if err == nil || len(n.trouble) >= mostTroubles || n.trouble[err.Error()] {
		return
	}
	n.trouble[err.Error()] = true
	n.log.Warn("trouble with NATS", "error", err)
}

// receive takes what another node says. When messages were dropped, the queue before
// this function was full, so that it is called again after the last of them was lost
// and looks then.
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
