// Package notify wakes those who wait, on this node and on the others. A
// notification carries no news, only at most the id of what to look at anew: the
// database is the truth, so a lost notification costs a delay and never an event.
//
// Inside are the one node (Local) and the several (NATS). Not inside: what the
// topics mean, anything stored, and any promise that a message arrives once, in
// order, or at all.
package notify

// Notifier is one node's ear and voice. All its methods may be called at once from
// many goroutines, and none of them waits for another node.
//
// A topic is a short constant of ASCII letters, digits, '-' and '_' that begins
// with a letter; any other is a mistake in the program, and panics.
//
// An empty payload means: anything about this topic may have changed.
type Notifier interface {
	// Notify wakes those who wait for the topic. When it returns, the handlers of
	// this node have run and the channels of this node hold the message.
	Notify(topic, payload string)

	// Listen gives a channel that receives the payloads of the topic until stop is
	// called; the channel is never closed. Whoever does not keep up is sent one empty
	// payload in place of all that wait. Listen first, then look.
	Listen(topic string) (woken <-chan string, stop func())

	// Handle calls do for each payload of the topic until stop is called: those of
	// this node on the goroutine that notifies, before any listener is woken, those
	// of other nodes on goroutines of the Notifier, so do may run several times at
	// once, and may still be running when stop returns. It must be quick.
	Handle(topic string, do func(payload string)) (stop func())

	// Close lets go of the other nodes. What is local goes on working.
	Close() error
}

var _, _ Notifier = (*Local)(nil), (*NATS)(nil)

// mustName panics unless the topic is a name: one token of a NATS subject.
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
