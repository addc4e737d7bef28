package front

import (
	"context"
	"sync"
	"time"
)

// shutdownLimit is the longest that Shutdown takes.
const shutdownLimit = 10 * time.Second

// Drain tells those who wait that the node ends. It is made before the chapters that
// watch it, and given to the Server that ends them.
type Drain struct {
	grace    time.Duration
	unready  func()
	begin    sync.Once
	draining chan struct{}
}

// NewDrain makes a Drain: when the node is to end, unready is called first, so that
// load balancers learn of it; after the grace, in which they stop sending, those who
// wait are told. unready may be nil. The grace is part of the ten seconds of Shutdown.
func NewDrain(grace time.Duration, unready func()) *Drain {
	return &Drain{grace: grace, unready: unready, draining: make(chan struct{})}
}

// Draining is closed when long polls are to answer with what they have.
func (d *Drain) Draining() <-chan struct{} { return d.draining }

// start returns when Draining is closed; at once when ctx ends.
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

// Shutdown ends the server: not ready, then the grace, then long polls answer, then
// listeners close and running requests finish. What has not finished when ctx ends,
// or ten seconds after the beginning, is cut off, and an error says so.
func (s *Server) Shutdown(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, shutdownLimit)
	defer cancel()
	s.drain.start(ctx)
	err := s.http.Shutdown(ctx)
	if err != nil {
		_ = s.http.Close() // the first error tells more
	}
	return err
}
