package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"time"
)

const (
	overloadPlaces = 64 // writes that go on at once, and as many that may wait, in the pod of overload
	overloadTimes  = 4
)

// overload compares how many writes succeed each second under several times as many callers as the
// pod has places with how many do under just as many. Callers that are turned away wait, as the
// SDKs do.
func (b *bench) overload(ctx context.Context) error {
	if err := b.key.ready(); err != nil {
		return err
	}
	pod, err := startChild(ctx, order{
		Kind: "pod", Database: filepath.Join(b.dir, "overload.db"), Places: overloadPlaces, PublicKey: b.key.publicPEM(), Profile: b.profileOf("overload"),
	})
	if err != nil {
		return err
	}
	defer pod.stop()
	session, err := b.key.session(ctx, pod.address)
	if err != nil {
		return err
	}
	var turnedAway atomic.Int64
	callers := func(n int) side {
		requests := repeat(request("POST", "/bench/v1/row", session, aRow), n)
		return b.patient(pod, requests, &turnedAway)
	}
	c, err := b.compare(ctx, "overload", callers(overloadTimes*overloadPlaces), callers(overloadPlaces))
	if err != nil {
		return err
	}
	b.report.compared(fmt.Sprintf("one-row Writes that succeed, %d callers beside %d, of %d places", overloadTimes*overloadPlaces, overloadPlaces, overloadPlaces), c, 0.9)
	b.report.note(fmt.Sprintf("Overload: %d requests were answered 429; the pod's memory was at most %s.", turnedAway.Load(), mostMemory(pod.command.Process.Pid)))
	return nil
}

// patient drives callers that wait a second when they are turned away, and try again until they
// succeed.
func (b *bench) patient(server *child, requests [][]byte, turnedAway *atomic.Int64) side {
	l := load{address: server.address, cpu: server.cpu, requests: requests, warm: b.warm, round: b.round, steps: func(i int) step {
		return func(c *client) error {
			for {
				_, err := c.call(requests[i])
				if err == nil || !strings.Contains(err.Error(), "answers 429") {
					return err
				}
				turnedAway.Add(1)
				time.Sleep(time.Second)
			}
		}
	}}
	return l.run
}

// mostMemory returns the most memory that a process has had, as the system says it; a dash where it
// does not.
func mostMemory(pid int) string {
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return "—"
	}
	_, after, ok := strings.Cut(string(status), "VmHWM:")
	if !ok {
		return "—"
	}
	line, _, _ := strings.Cut(after, "\n")
	return strings.TrimSpace(line)
}
