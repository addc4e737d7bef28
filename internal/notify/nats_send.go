package notify

import (
	"errors"
	"time"

	"github.com/nats-io/nats.go"
)

// outgoingBuffer is how many notifications can wait for the connection. When more arrive, one
// "anything may have changed" replaces them.
const outgoingBuffer = 4096

type message struct {
	topic, payload string
}

// Notify wakes the listeners of the topic: on this node before it returns, on others soon after.
// Another goroutine sends, because the connection may block for seconds (a dial, a full socket).
func (n *NATS) Notify(topic, payload string) {
	n.local.Notify(topic, payload)
	select {
	case n.outgoing <- message{topic, payload}:
	default:
		n.remember()
	}
}

// remember notes that notifications were lost; catchUp repairs it.
func (n *NATS) remember() {
	select {
	case n.missed <- struct{}{}:
	default:
	}
}

// send sends the notifications to the other nodes, until Close.
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

// publish sends one notification to the other nodes. While the connection is down it fails at once;
// after reconnecting, catchUp repairs it.
func (n *NATS) publish(m message) {
	err := n.conn.Publish(subjectPrefix+m.topic, []byte(m.payload))
	if errors.Is(err, nats.ErrMaxPayload) {
		n.log.Error("a notification is too large for NATS", "topic", m.topic, "bytes", len(m.payload))
		_ = n.conn.Publish(subjectPrefix+m.topic, nil)
	}
}

// catchUp tells all listeners, here and on other nodes, that anything may have changed. First it
// waits for the server's answer: only then has the server processed the subscription of a new
// connection. What is sent after the listeners here have looked is then received. If the connection
// is lost meanwhile, reconnecting calls catchUp again.
func (n *NATS) catchUp() {
	_ = n.conn.FlushTimeout(flushPatience)
	n.local.wakeAll()
	n.publish(message{topic: everything})
}

// sendRest sends the notifications that still wait when the node ends.
func (n *NATS) sendRest() {
	for len(n.outgoing) > 0 {
		n.publish(<-n.outgoing)
	}
	if n.conn.IsConnected() {
		_ = n.conn.FlushTimeout(closePatience)
	}
}

// Close sends the waiting notifications if that is possible within closePatience, and disconnects.
// Local notifications go on working. A second Close does nothing.
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
