package main

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"net"
	"sync/atomic"
	"time"
)

// fanOutStreams is how many streams of events hear of each change.
const fanOutStreams = 500

// fanOut compares the processor time that a change takes for each of many open streams with that of
// a bare handler's answer of the same bytes.
func (b *bench) fanOut(ctx context.Context) error {
	ours, changes, err := b.presencePod(ctx, "fanout", 0)
	if err != nil {
		return err
	}
	defer ours.stop()
	session, err := b.key.session(ctx, ours.address)
	if err != nil {
		return err
	}
	event, err := ask(ctx, ours.address, changes[0])
	if err != nil {
		return err
	}
	ceiling, err := b.startCeiling(ctx, "fanout", order{Kind: "constant", Body: append([]byte("event: presence\nid: 1-1234\ndata: "), event...)})
	if err != nil {
		return err
	}
	defer ceiling.stop()
	crowd := newAudience()
	defer crowd.leave()
	watch := request("GET", "/podium/v1/presence/events", session, nil)
	for range fanOutStreams {
		if err := crowd.join(ours.address, watch); err != nil {
			return err
		}
	}
	if err := crowd.await(ctx); err != nil {
		return err
	}
	get := repeat(request("GET", "/", session, nil), answerCallers)
	c, err := b.compare(ctx, "fanout", b.tell(ours, crowd, changes), b.load(ceiling, get))
	if err != nil {
		return err
	}
	b.report.atMostCPU(fmt.Sprintf("one presence change, for each of %d open streams, to a bare handler's answer", fanOutStreams), c, 0.45)
	return nil
}

// tell returns a side that changes presence again and again, each time when all streams have heard
// of the change before. It counts what one stream heard as one.
func (b *bench) tell(p *child, crowd *audience, changes [][]byte) side {
	return func(ctx context.Context) (result, error) {
		var all result
		c, err := dial(ctx, p.address)
		if err != nil {
			return all, err
		}
		defer c.close()
		began, before := time.Now(), p.cpu()
		told := 0
		for end := began.Add(b.round); time.Now().Before(end); told++ {
			if _, err := c.call(changes[1+crowd.told%2]); err != nil {
				return all, err
			}
			crowd.told++
			if err := crowd.await(ctx); err != nil {
				return all, err
			}
		}
		all.rate = float64(told*fanOutStreams) / time.Since(began).Seconds()
		all.cpu = (p.cpu() - before) / time.Duration(told*fanOutStreams)
		return all, nil
	}
}

// audience is clients that read a stream of events each.
type audience struct {
	conns []net.Conn
	told  int
	heard atomic.Int64  // events, and beginnings of streams
	all   chan struct{} // gets a value whenever as many were heard as there are streams
	wrong chan error
}

func newAudience() *audience {
	return &audience{all: make(chan struct{}, 1), wrong: make(chan error, fanOutStreams)}
}

func (a *audience) join(address string, watch []byte) error {
	conn, err := net.Dial("tcp", address)
	if err != nil {
		return err
	}
	a.conns = append(a.conns, conn)
	if _, err := conn.Write(watch); err != nil {
		return err
	}
	go a.read(conn)
	return nil
}

// read counts the header, and events.
func (a *audience) read(conn net.Conn) {
	lines := bufio.NewReaderSize(conn, 512)
	header := true
	for {
		line, err := lines.ReadSlice('\n')
		if err != nil {
			a.wrong <- fmt.Errorf("a stream broke off: %w", err)
			return
		}
		if header && len(bytes.TrimSpace(line)) == 0 || bytes.HasPrefix(line, []byte("data:")) {
			header = false
			if a.heard.Add(1)%fanOutStreams == 0 {
				a.all <- struct{}{}
			}
		}
	}
}

// await waits until every stream has heard of the last change.
func (a *audience) await(ctx context.Context) error {
	select {
	case <-a.all:
		return nil
	case err := <-a.wrong:
		return err
	case <-time.After(10 * time.Second):
		return fmt.Errorf("not every stream heard of a change")
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (a *audience) leave() {
	for _, conn := range a.conns {
		conn.Close()
	}
}
