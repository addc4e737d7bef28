package notify

import (
	"slices"
	"sync"
)

// Local is the Notifier of a pod with one node, and the local half of NATS.
type Local struct {
	mu        sync.Mutex
	audiences map[string]*audience
}

// audience holds the handlers and listeners of one topic.
type audience struct {
	handlers  []*handler // replaced, never changed in place: Notify reads it unlocked
	listeners map[*listener]struct{}
}

type handler struct {
	do func(payload string)
}

// NewLocal returns a Notifier for one node.
func NewLocal() *Local {
	return &Local{audiences: make(map[string]*audience)}
}

// Notify calls the handlers of the topic and wakes its listeners.
func (l *Local) Notify(topic, payload string) {
	mustName(topic)
	l.deliver(topic, payload)
}

// deliver calls the handlers before it wakes the listeners: a woken listener must not read what a
// handler is about to evict.
func (l *Local) deliver(topic, payload string) {
	for _, h := range l.handlers(topic) {
		h.do(payload)
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if a := l.audiences[topic]; a != nil {
		for w := range a.listeners {
			w.offer(payload)
		}
	}
}

// handlers returns the handlers of the topic. They are called without the lock, because they may
// notify and listen themselves.
func (l *Local) handlers(topic string) []*handler {
	l.mu.Lock()
	defer l.mu.Unlock()
	if a := l.audiences[topic]; a != nil {
		return a.handlers
	}
	return nil
}

// wakeAll sends an empty payload to every handler and listener: anything may have changed.
func (l *Local) wakeAll() {
	l.mu.Lock()
	topics := make([]string, 0, len(l.audiences))
	for topic := range l.audiences {
		topics = append(topics, topic)
	}
	l.mu.Unlock()
	for _, topic := range topics {
		l.deliver(topic, "")
	}
}

// Listen returns a channel that receives the payloads of the topic until stop is called.
func (l *Local) Listen(topic string) (woken <-chan string, stop func()) {
	mustName(topic)
	w := &listener{woken: make(chan string, listenerBuffer)}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.audience(topic).listeners[w] = struct{}{}
	return w.woken, func() {
		l.mu.Lock()
		defer l.mu.Unlock()
		if a := l.audiences[topic]; a != nil {
			delete(a.listeners, w)
			l.forgetIfEmpty(topic, a)
		}
	}
}

// Handle calls do for each payload of the topic until stop is called.
func (l *Local) Handle(topic string, do func(payload string)) (stop func()) {
	mustName(topic)
	h := &handler{do: do}
	l.mu.Lock()
	defer l.mu.Unlock()
	a := l.audience(topic)
	a.handlers = append(slices.Clone(a.handlers), h)
	return func() {
		l.mu.Lock()
		defer l.mu.Unlock()
		if a := l.audiences[topic]; a != nil {
			a.handlers = slices.DeleteFunc(slices.Clone(a.handlers), func(other *handler) bool { return other == h })
			l.forgetIfEmpty(topic, a)
		}
	}
}

// Close does nothing: there are no other nodes.
func (l *Local) Close() error { return nil }

func (l *Local) audience(topic string) *audience {
	a := l.audiences[topic]
	if a == nil {
		a = &audience{listeners: make(map[*listener]struct{})}
		l.audiences[topic] = a
	}
	return a
}

func (l *Local) forgetIfEmpty(topic string, a *audience) {
	if len(a.listeners) == 0 && len(a.handlers) == 0 {
		delete(l.audiences, topic)
	}
}
