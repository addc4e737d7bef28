package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"path/filepath"
	"sync"
	"time"

	formed "podium/internal/client"
)

// What the part feeds does.
const (
	backlogOfEvents = 100_000
	pacedSenders    = 10   // that send together, each after a pause
	pacedRate       = 1000 // messages a second of all senders
	pacedFor        = 5 * time.Second
)

// feeds measures datafeeds: how long a message takes to a reader that waits, what a delivery costs,
// and how fast a reader catches up.
func (b *bench) feeds(ctx context.Context) error {
	pod, err := b.startPod(ctx, "feeds", filepath.Join(b.dir, "feeds.db"))
	if err != nil {
		return err
	}
	defer pod.stop()
	f := &feedBench{b: b, pod: pod, sent: make(map[string]time.Time), heard: make(map[string]time.Time)}
	if f.session, err = b.key.session(ctx, pod.address); err != nil {
		return err
	}
	if f.room, err = newRoom(ctx, pod, f.session, "Feeds"); err != nil {
		return err
	}
	if f.send, err = sendRequest(f.session, f.room, shortMessage); err != nil {
		return err
	}
	for _, part := range []func(context.Context) error{f.catchUp, f.latency, f.waiting, f.parked} {
		if err := part(ctx); err != nil {
			return err
		}
	}
	return nil
}

type feedBench struct {
	b             *bench
	pod           *child
	session, room string
	send          []byte

	mu    sync.Mutex
	sent  map[string]time.Time // when the answer came, by message
	heard map[string]time.Time // when the first reader had it
}

// events is the answer to a read.
type events struct {
	Events []struct {
		MessageID string `json:"messageId"`
	} `json:"events"`
	AckID string `json:"ackId"`
}

// feed creates a datafeed and returns its id.
func (f *feedBench) feed(ctx context.Context) (string, error) {
	c := &formed.Client{Base: "http://" + f.pod.address, HTTP: http.DefaultClient, Token: f.session}
	answer, err := c.Do(ctx, http.MethodPost, "/agent/v5/datafeeds", []byte(`{}`))
	var made struct {
		ID string `json:"id"`
	}
	if err == nil {
		err = json.Unmarshal(answer.Body, &made)
	}
	return made.ID, err
}

// read reads a feed on a connection.
func (f *feedBench) read(c *client, feed, ack string) (e events, err error) {
	answer, err := c.call(request("POST", "/agent/v5/datafeeds/"+feed+"/read", f.session, map[string]string{"ackId": ack}))
	if err == nil {
		err = json.Unmarshal(answer, &e)
	}
	return e, err
}

// catchUp sends messages, and reads them with one reader.
func (f *feedBench) catchUp(ctx context.Context) error {
	feed, err := f.feed(ctx)
	if err != nil {
		return err
	}
	progress("%d messages are sent", backlogOfEvents)
	err = together(messageCallers, func(int) error {
		c, err := dial(ctx, f.pod.address)
		if err != nil {
			return err
		}
		defer c.close()
		for range backlogOfEvents / messageCallers {
			if _, err := c.call(f.send); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	c, err := dial(ctx, f.pod.address)
	if err != nil {
		return err
	}
	defer c.close()
	var pages histogram
	cpu, began, n, ack := f.pod.cpu(), time.Now(), 0, ""
	for n < backlogOfEvents/messageCallers*messageCallers {
		asked := time.Now()
		e, err := f.read(c, feed, ack)
		if err != nil {
			return err
		}
		pages.add(time.Since(asked))
		n, ack = n+len(e.Events), e.AckID
	}
	took := time.Since(began)
	f.b.report.value(fmt.Sprintf("one reader catches up with %d events", n),
		fmt.Sprintf("%.2f s, %.0f events/s, %s for an answer of 100 (median), %s of processor time for an event", took.Seconds(), float64(n)/took.Seconds(),
			milliseconds(pages.quantile(.5)), (f.pod.cpu()-cpu)/time.Duration(n)))
	return nil
}

// latency sends messages at a steady rate to a reader that waits.
func (f *feedBench) latency(ctx context.Context) error {
	feed, err := f.feed(ctx)
	if err != nil {
		return err
	}
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	total := pacedRate * int(pacedFor/time.Second)
	done := make(chan error, 1)
	go func() { done <- f.listen(ctx, feed, total) }()
	err = together(pacedSenders, func(int) error {
		c, err := dial(ctx, f.pod.address)
		if err != nil {
			return err
		}
		defer c.close()
		next := time.Now()
		for range total / pacedSenders {
			next = next.Add(pacedSenders * time.Second / pacedRate)
			time.Sleep(time.Until(next))
			answer, err := c.call(f.send)
			if err != nil {
				return err
			}
			var m struct {
				ID string `json:"messageId"`
			}
			if err := json.Unmarshal(answer, &m); err != nil {
				return err
			}
			f.mu.Lock()
			f.sent[m.ID] = time.Now()
			f.mu.Unlock()
		}
		return nil
	})
	if err != nil {
		return err
	}
	if err := <-done; err != nil {
		return err
	}
	var h histogram
	for id, at := range f.sent {
		h.add(max(0, f.heard[id].Sub(at)))
	}
	f.b.report.value(fmt.Sprintf("from the answer of a message to its reader, at %d messages a second", pacedRate),
		fmt.Sprintf("median %s, 99 in 100 within %s", milliseconds(h.quantile(.5)), milliseconds(h.quantile(.99))))
	return nil
}

// listen reads a feed until it has heard so many events.
func (f *feedBench) listen(ctx context.Context, feed string, total int) error {
	c, err := dial(ctx, f.pod.address)
	if err != nil {
		return err
	}
	defer c.close()
	for n, ack := 0, ""; n < total; {
		e, err := f.read(c, feed, ack)
		if err != nil {
			return err
		}
		now := time.Now()
		f.mu.Lock()
		for _, one := range e.Events {
			f.heard[one.MessageID] = now
		}
		f.mu.Unlock()
		n, ack = n+len(e.Events), e.AckID
	}
	return nil
}

// parked measures the memory of reads that wait.
func (f *feedBench) parked(ctx context.Context) error {
	const reads = 10_000
	feed, err := f.feed(ctx)
	if err != nil {
		return err
	}
	text := request("POST", "/agent/v5/datafeeds/"+feed+"/read", f.session, map[string]string{"ackId": ""})
	before, err := residentKB(f.pod.command.Process.Pid)
	if err != nil {
		return err
	}
	for range reads {
		conn, err := net.Dial("tcp", f.pod.address)
		if err != nil {
			return err
		}
		defer conn.Close()
		if _, err := conn.Write(text); err != nil {
			return err
		}
	}
	time.Sleep(3 * time.Second) // until all wait
	after, err := residentKB(f.pod.command.Process.Pid)
	if err != nil {
		return err
	}
	each := float64(after-before) / reads
	met := "yes"
	if each > maxPerStream {
		met = "no"
	}
	f.b.report.figures = append(f.b.report.figures, figure{
		name: fmt.Sprintf("memory of the pod for each of %d reads that wait", reads), ours: fmt.Sprintf("%.1f KB", each), ceiling: "–", ratio: "–",
		target: fmt.Sprintf("≤ %d KB", maxPerStream), met: met,
	})
	return nil
}

// together runs do so many times at once, and returns the first error.
func together(n int, do func(i int) error) error {
	errs := make(chan error, n)
	for i := range n {
		go func() { errs <- do(i) }()
	}
	var first error
	for range n {
		if err := <-errs; err != nil && first == nil {
			first = err
		}
	}
	return first
}
