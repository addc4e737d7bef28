package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"strconv"
	"sync"
	"time"
)

// load is a closed loop over HTTP/1.1: each connection sends its request, reads the answer,
// and begins again. It knows just enough of HTTP to do so at little cost, since the server
// shares the machine with it. It stops at the first answer that is not 200.
type load struct {
	address  string
	cpu      meter                     // the server's
	requests [][]byte                  // one for each connection, as it goes over the wire
	steps    func(connection int) step // what each connection does over and over, where it is not to send its request
	warm     time.Duration
	round    time.Duration
}

// step is one exchange of a connection.
type step func(c *client) error

// result is what one round measured.
type result struct {
	rate    float64       // per second
	cpu     time.Duration // the server's processor time for one answer; 0: not known
	latency histogram     // empty if no caller waited for an answer
}

// run drives one round.
func (l load) run(ctx context.Context) (result, error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	var all result
	var failure error
	var mu sync.Mutex
	var group sync.WaitGroup
	begin := time.Now().Add(l.warm)
	end := begin.Add(l.round)
	group.Go(func() { all.cpu = l.cpu.between(ctx, begin, end) })
	for i, request := range l.requests {
		group.Go(func() {
			do := func(c *client) error {
				_, err := c.call(request)
				return err
			}
			if l.steps != nil {
				do = l.steps(i)
			}
			latency, err := l.loop(ctx, do, begin, end)
			mu.Lock()
			defer mu.Unlock()
			if err != nil {
				if failure == nil {
					failure = err
				}
				cancel()
				return
			}
			all.latency.merge(latency)
		})
	}
	group.Wait()
	if failure != nil {
		return result{}, failure
	}
	all.rate = float64(all.latency.count) / l.round.Seconds()
	all.cpu /= time.Duration(max(all.latency.count, 1))
	return all, nil
}

// loop is one connection's. What counts are the answers between begin and end.
func (l load) loop(ctx context.Context, do step, begin, end time.Time) (*histogram, error) {
	c, err := dial(ctx, l.address)
	if err != nil {
		return nil, err
	}
	defer c.close()
	c.conn.SetDeadline(end.Add(10 * time.Second))
	latency := new(histogram)
	for sent := time.Now(); sent.Before(end); {
		if err := do(c); err != nil {
			return nil, err
		}
		answered := time.Now()
		if answered.After(begin) && answered.Before(end) {
			latency.add(answered.Sub(sent))
		}
		sent = answered
	}
	return latency, nil
}

// client is one connection of a load.
type client struct {
	conn   net.Conn
	forget func() bool
	buffer []byte
}

func dial(ctx context.Context, address string) (*client, error) {
	var dialer net.Dialer
	conn, err := dialer.DialContext(ctx, "tcp", address)
	if err != nil {
		return nil, err
	}
	c := &client{conn: conn, buffer: make([]byte, 256<<10)}
	c.forget = context.AfterFunc(ctx, func() { conn.Close() })
	return c, nil
}

func (c *client) close() {
	c.forget()
	c.conn.Close()
}

var (
	headerEnd     = []byte("\r\n\r\n")
	lengthHeader  = []byte("\r\nContent-Length: ")
	errNoHTTP     = errors.New("the answer is not what net/http writes")
	errLongAnswer = errors.New("the answer is longer than expected")
)

// call returns the body that a request is answered with, good until the next call. Any
// status but 200 is an error.
func (c *client) call(request []byte) ([]byte, error) {
	if _, err := c.conn.Write(request); err != nil {
		return nil, err
	}
	have, want, header := 0, -1, 0
	for want < 0 || have < want {
		n, err := c.conn.Read(c.buffer[have:])
		if err != nil {
			return nil, err
		}
		have += n
		if want < 0 {
			if header = bytes.Index(c.buffer[:have], headerEnd); header >= 0 {
				header += len(headerEnd)
				if want, err = answerLength(c.buffer[:header]); err != nil {
					return nil, err
				}
			}
		}
		if want > len(c.buffer) || want < 0 && have == len(c.buffer) {
			return nil, errLongAnswer
		}
	}
	if status := c.buffer[len("HTTP/1.1 "):][:3]; string(status) != "200" {
		return nil, fmt.Errorf("the server answers %s: %s", status, c.buffer[header:want])
	}
	return c.buffer[header:want], nil
}

// answerLength returns how long an answer with this header is, the header included.
func answerLength(header []byte) (int, error) {
	_, after, ok := bytes.Cut(header, lengthHeader)
	if !ok || len(header) < len("HTTP/1.1 200\r\n") {
		return 0, errNoHTTP
	}
	digits, _, _ := bytes.Cut(after, []byte("\r\n"))
	n, err := strconv.Atoi(string(digits))
	return len(header) + n, err
}

// repeat returns the same request for n connections.
func repeat(request []byte, n int) [][]byte {
	all := make([][]byte, n)
	for i := range all {
		all[i] = request
	}
	return all
}
