package notify

import (
	"errors"
	"time"

	"github.com/nats-io/nats.go"
)

// outgoingBuffer is how many notifications wait for the connection before they give
// way to one "anything may have changed".
const outgoingBuffer = 4096

type message struct {
	topic, payload string
}

// Notify wakes those who wait for the topic: here at once, elsewhere soon. The
// connection may stand still for seconds (a dial, a full socket), so another
// goroutine speaks.
func (n *NATS) Notify(topic, payload string) {
	n.local.Notify(topic, payload)
	select {
	case n.outgoing <- message{topic, payload}:
	default:
		n.remember()
	}
}

// remember notes that notifications were lost, to be made good by catchUp.
func (n *NATS) remember() {
	select {
	case n.missed <- struct{}{}:
	default:
	}
}

// send tells the other nodes, until Close.
func (n *NATS) send() {
	defer close(n.sent)
	for {
		select {
		case m := <-n.outgoing:
			n.publish(m)
		case <-n.missed:
			n.catchUp()
		case <-n.ended:
			n.sendRest()
			return
		}
	}
}

// publish says one thing to the others. While the connection is away it fails at
// once, and the return of the connection makes it good.
func (n *NATS) publish(m message) {
	err := n.conn.Publish(subjectPrefix+m.topic, []byte(m.payload))
	if errors.Is(err, nats.ErrMaxPayload) {
		n.log.Error("a notification is too large for NATS", "topic", m.topic, "bytes", len(m.payload))
		_ = n.conn.Publish(subjectPrefix+m.topic, nil)
	}
}

// catchUp makes good what was lost, here and elsewhere. It first waits for the server
// to answer: only then has the server taken the subscription that came with a new
// connection, and whatever is said after those here have looked will be heard. If the
// connection is lost meanwhile, its return brings us here again.
func (n *NATS) catchUp() {
	_ = n.conn.FlushTimeout(flushPatience)
	n.local.wakeAll()
	n.publish(message{topic: everything})
}

// sendRest sends what still waits when the node ends.
func (n *NATS) sendRest() {
	for len(n.outgoing) > 0 {
		n.publish(<-n.outgoing)
	}
	if n.conn.IsConnected() {
		_ = n.conn.FlushTimeout(closePatience)
	}
}

// Close returns what is still to be said, if that is possible soon, and leaves the
// other nodes. What is local goes on working. Closing again does nothing.
func (n *NATS) Close() error {
	n.closing.Do(func() {
		close(n.ended)
		select {
		case <-n.sent:
		case <-time.After(closePatience):
		}
		n.conn.Close()
		<-n.sent
	})
	return nil
}
