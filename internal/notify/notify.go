// Package notify wakes goroutines that wait for a change, on this node and on the others. A
// notification carries no news, at most the id of what to read again. The database is the truth, so
// a lost notification delays an event but never loses it.
//
// Local is for one node, NATS for several. Not inside: the meaning of the topics, anything stored,
// and any promise that a message arrives once, in order, or at all.
package notify

// Notifier sends and receives a node's notifications. All its methods are safe for concurrent use,
// and none of them waits for another node.
//
// A topic is a short constant of ASCII letters, digits, '-' and '_' that begins with a letter. Any
// other panics.
//
// An empty payload means: anything about this topic may have changed.
type Notifier interface {
	// Notify wakes the listeners of the topic. When it returns, the handlers of this node have run
	// and the channels of this node hold the message.
	Notify(topic, payload string)

	// Listen returns a channel that receives the payloads of the topic until stop is called. The
	// channel is never closed. A receiver that does not keep up receives one empty payload in place
	// of all that wait. Listen first, then read the database.
	Listen(topic string) (woken <-chan string, stop func())

	// Handle calls do for each payload of the topic until stop is called. Payloads of this node run
	// it on the goroutine that notifies, before any listener is woken. Payloads of other nodes run
	// it on goroutines of the Notifier. So do may run several times at once, and may still be
	// running when stop returns. It must be quick.
	Handle(topic string, do func(payload string)) (stop func())

	// Close disconnects from the other nodes. Local notifications go on working.
	Close() error
}

var _, _ Notifier = (*Local)(nil), (*NATS)(nil)

// mustName panics unless the topic is one token of a NATS subject.
func mustName(topic string) {
	for i := range len(topic) {
		c := topic[i]
		letter := 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z'
		if !letter && (i == 0 || c != '-' && c != '_' && (c < '0' || c > '9')) {
			panic("notify: not a topic: " + topic)
		}
	}
	if topic == "" {
		panic("notify: a topic without a name")
	}
}
