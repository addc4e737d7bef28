package main

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"net"
	"os"
	"strconv"
	"strings"
	"sync"
	"time"
)

// openStreams is how many streams of events are open when something changes.
const openStreams = 5000

// maxPerStream is the memory that a stream may take in the pod, in KB.
const maxPerStream = 40

func (b *bench) presenceStreams(ctx context.Context) error {
	pod, changes, err := b.presencePod(ctx, "streams", 0)
	if err != nil {
		return err
	}
	defer pod.stop()
	if _, err := ask(ctx, pod.address, changes[0]); err != nil {
		return err
	}
	session, err := b.key.session(ctx, pod.address)
	if err != nil {
		return err
	}
	watch := request("GET", "/podium/v1/presence/events", session, nil)
	before, err := residentKB(pod.command.Process.Pid)
	if err != nil {
		return err
	}
	heard := make(chan error, openStreams)
	var opened sync.WaitGroup
	opened.Add(openStreams)
	for range openStreams {
		conn, err := net.Dial("tcp", pod.address)
		if err != nil {
			return err
		}
		defer conn.Close()
		go func() { heard <- listen(conn, watch, opened.Done) }()
	}
	opened.Wait()
	after, err := residentKB(pod.command.Process.Pid)
	if err != nil {
		return err
	}
	began := time.Now()
	if _, err := ask(ctx, pod.address, changes[1]); err != nil {
		return err
	}
	answered := time.Since(began)
	for range openStreams {
		select {
		case err := <-heard:
			if err != nil {
				return err
			}
		case <-time.After(30 * time.Second):
			return fmt.Errorf("not every stream heard of a change")
		}
	}
	b.report.value(fmt.Sprintf("one presence change to %d open streams", openStreams),
		fmt.Sprintf("answered after %s, all have it after %s", milliseconds(answered), milliseconds(time.Since(began))))
	each := float64(after-before) / openStreams
	met := "yes"
	if each >= maxPerStream {
		met = "no"
	}
	b.report.figures = append(b.report.figures, figure{
		name: "memory of the pod for each open stream", ours: fmt.Sprintf("%.1f KB", each), ceiling: "–", ratio: "–",
		target: fmt.Sprintf("< %d KB", maxPerStream), met: met,
	})
	return nil
}

// listen opens a stream and reads until it hears that the user is busy.
func listen(conn net.Conn, request []byte, opened func()) error {
	done := sync.OnceFunc(opened)
	defer done()
	if _, err := conn.Write(request); err != nil {
		return err
	}
	lines := bufio.NewReaderSize(conn, 512)
	for {
		line, err := lines.ReadSlice('\n')
		if err != nil {
			return fmt.Errorf("a stream broke off: %w", err)
		}
		if len(bytes.TrimSpace(line)) == 0 {
			done() // the header is over
		}
		if bytes.HasPrefix(line, []byte("data:")) && bytes.Contains(line, []byte(`"BUSY"`)) {
			return nil
		}
	}
}

// residentKB returns how much memory a process has, in KB.
func residentKB(pid int) (int, error) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0, err
	}
	_, rest, _ := strings.Cut(string(text), "VmRSS:")
	fields := strings.Fields(rest)
	if len(fields) == 0 {
		return 0, fmt.Errorf("the memory of process %d is not known", pid)
	}
	return strconv.Atoi(fields[0])
}
