package follow

import (
	"errors"
	"fmt"
)

// EventID is the id of a server-sent event: the place from which a client resumes.
type EventID Cursor

// String returns the id as clients get it.
func (id EventID) String() string { return fmt.Sprintf("%d-%d", id.Position, id.Seq) }

// UnmarshalText parses the id that a client sends back.
func (id *EventID) UnmarshalText(text []byte) error {
	var rest string
	n, _ := fmt.Sscanf(string(text)+" .", "%d-%d %s", &id.Position, &id.Seq, &rest)
	if n != 3 || rest != "." || id.Position < 0 || id.Seq < 0 {
		return errors.New("the id of an event is expected")
	}
	return nil
}

// Waker wakes one waiting read or stream for any reason: there is an event, the node ends, the
// client has left. Who waits receives from it. A channel for each reason would cost a tenth of an
// event.
type Waker chan struct{}

// NewWaker returns a Waker.
func NewWaker() Waker { return make(Waker, 1) }

// Wake wakes who waits, or keeps it from its next sleep.
func (w Waker) Wake() {
	select {
	case w <- struct{}{}:
	default: // it will wake up already
	}
}
