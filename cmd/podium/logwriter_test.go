package main

import (
	"errors"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// stallingLog is a log whose reader can stall, and go.
type stallingLog struct {
	mu      sync.Mutex
	read    strings.Builder
	gone    bool
	stalled sync.Mutex // held while the reader stalls
}

func (s *stallingLog) Write(p []byte) (int, error) {
	s.stalled.Lock()
	defer s.stalled.Unlock()
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.gone {
		return 0, errors.New("broken pipe")
	}
	return s.read.Write(p)
}

func (s *stallingLog) text() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.read.String()
}

// While the reader stalls, lines wait up to the bound, and what comes on top is counted and told
// of.
func TestLogReaderStalls(t *testing.T) {
	t.Parallel()
	reader := &stallingLog{}
	told := make(chan uint64, 10)
	w := newLogWriter(reader, func(lines uint64) { told <- lines })
	line := strings.Repeat("x", 1023) + "\n"
	reader.stalled.Lock()
	const lines = 3 * maxLogWaiting / 1024
	for range lines {
		if n, err := w.Write([]byte(line)); n != len(line) || err != nil {
			t.Fatal(n, err)
		}
	}
	dropped := w.dropped()
	if dropped < lines/3 || dropped > 2*lines/3 {
		t.Errorf("%d of %d lines were dropped", dropped, lines)
	}
	reader.stalled.Unlock()
	if got := <-told; got != dropped {
		t.Errorf("told of %d dropped lines, not %d", got, dropped)
	}
	w.close(time.Minute)
	if n := uint64(strings.Count(reader.text(), "\n")); n != lines-dropped {
		t.Errorf("%d lines were written, not %d", n, lines-dropped)
	}
}

// What a reader that has gone does not take is counted; one that is back hears of it.
func TestLogReaderGoes(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		reader := &stallingLog{gone: true}
		var told uint64
		w := newLogWriter(reader, func(lines uint64) { told += lines })
		for range 5 {
			_, _ = w.Write([]byte("a line\n"))
			synctest.Wait()
		}
		if w.dropped() != 5 || told != 0 {
			t.Errorf("%d dropped, told of %d", w.dropped(), told)
		}
		reader.mu.Lock()
		reader.gone = false
		reader.mu.Unlock()
		_, _ = w.Write([]byte("the last\n"))
		w.close(time.Second)
		_, _ = w.Write([]byte("too late\n"))
		if told != 5 || reader.text() != "the last\n" || w.dropped() != 6 {
			t.Errorf("told of %d, %q, %d dropped", told, reader.text(), w.dropped())
		}
	})
}

// The end waits for a reader that stalls no longer than it may.
func TestLogReaderStallsTheEnd(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		reader := make(stuck)
		w := newLogWriter(reader, func(uint64) {})
		_, _ = w.Write([]byte("a line\n"))
		began := time.Now()
		w.close(time.Second)
		if took := time.Since(began); took != time.Second {
			t.Errorf("the end took %v", took)
		}
		close(reader)
		<-w.done
	})
}

// stuck is a log that takes nothing until it is closed.
type stuck chan struct{}

func (s stuck) Write(p []byte) (int, error) {
	<-s
	return len(p), nil
}
