package main

import (
	"bytes"
	"io"
	"sync"
	"time"
)

// maxLogWaiting is how many bytes of log lines wait to be written, at most.
const maxLogWaiting = 4 << 20

// A logWriter writes log lines beside the requests that leave them: a reader of the log that stalls
// or goes takes no request with it. Lines that find no room, or cannot be written, are dropped and
// counted; once a line has been written again, lost is told how many.
type logWriter struct {
	to   io.Writer
	lost func(lines uint64) // may log

	mu      sync.Mutex
	waiting []byte
	total   uint64 // dropped lines
	told    uint64 // of these, those that lost was told of
	closed  bool

	wake chan struct{} // holds one token: there is something to do
	done chan struct{} // closed when the last line is written
}

func newLogWriter(to io.Writer, lost func(lines uint64)) *logWriter {
	w := &logWriter{to: to, lost: lost, wake: make(chan struct{}, 1), done: make(chan struct{})}
	go w.run()
	return w
}

// Write takes one line, or drops it. It never waits, and never fails.
func (w *logWriter) Write(line []byte) (int, error) {
	w.mu.Lock()
	if w.closed || len(w.waiting)+len(line) > maxLogWaiting {
		w.total++
		w.mu.Unlock()
		return len(line), nil
	}
	w.waiting = append(w.waiting, line...)
	w.mu.Unlock()
	w.nudge()
	return len(line), nil
}

func (w *logWriter) nudge() {
	select {
	case w.wake <- struct{}{}:
	default:
	}
}

// run writes until the writer is closed.
func (w *logWriter) run() {
	defer close(w.done)
	var spare []byte
	for range w.wake {
		w.mu.Lock()
		lines, closed := w.waiting, w.closed
		w.waiting = spare[:0]
		w.mu.Unlock()
		w.write(lines)
		if spare = lines; cap(spare) > maxLogWaiting/4 {
			spare = nil // a burst is over
		}
		if closed {
			return
		}
	}
}

// write writes lines, and tells of those that were dropped before.
func (w *logWriter) write(lines []byte) {
	if len(lines) == 0 {
		return
	}
	n, err := w.to.Write(lines)
	w.mu.Lock()
	if err != nil {
		w.total += uint64(bytes.Count(lines[n:], []byte{'\n'}))
	}
	lost := w.total - w.told
	if err == nil {
		w.told = w.total
	}
	w.mu.Unlock()
	if err == nil && lost > 0 {
		w.lost(lost)
	}
}

// dropped returns how many lines were dropped so far.
func (w *logWriter) dropped() uint64 {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.total
}

// close writes what waits, for at most so long. Lines that come later are dropped.
func (w *logWriter) close(patience time.Duration) {
	w.mu.Lock()
	again := w.closed
	w.closed = true
	w.mu.Unlock()
	if !again {
		w.nudge()
	}
	select {
	case <-w.done:
	case <-time.After(patience):
	}
}
