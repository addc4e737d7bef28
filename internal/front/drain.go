package front

import (
	"context"
	"sync"
	"time"
)

// shutdownLimit is the longest that Shutdown takes.
const shutdownLimit = 10 * time.Second

// Drain tells waiting requests that the node ends. It is made before the chapters that watch it,
// and given to the Server that starts it.
type Drain struct {
	grace    time.Duration
	unready  func()
	begin    sync.Once
	draining chan struct{}
}

// NewDrain returns a Drain. When the node ends, unready is called first, so that load balancers
// notice. After the grace, in which they stop sending requests, Draining is closed. unready may be
// nil. The grace is part of the ten seconds of Shutdown.
func NewDrain(grace time.Duration, unready func()) *Drain {
	return &Drain{grace: grace, unready: unready, draining: make(chan struct{})}
}

// Draining returns a channel that is closed when long polls must answer with what they have.
func (d *Drain) Draining() <-chan struct{} { return d.draining }

// start begins the drain, waits for the grace and closes Draining. It waits no longer than ctx.
func (d *Drain) start(ctx context.Context) {
	d.begin.Do(func() {
		if d.unready != nil {
			d.unready()
		}
		if d.grace > 0 {
			select {
			case <-time.After(d.grace):
			case <-ctx.Done():
			}
		}
		close(d.draining)
	})
}

// Shutdown ends the server in this order: not ready, grace, long polls answer, listeners close,
// running requests finish. Requests that have not finished when ctx ends, or ten seconds after the
// beginning, are cut off, and an error says so.
func (s *Server) Shutdown(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, shutdownLimit)
	defer cancel()
	s.drain.start(ctx)
	err := s.http.Shutdown(ctx)
	if err != nil {
		_ = s.http.Close() // the first error is more specific
	}
	return err
}
