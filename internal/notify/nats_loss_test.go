package notify

import (
	"log/slog"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"

	"podium/internal/notify/natstest"
)

// TestSlowNodeIsToldThatItMissedNotifications checks that a node whose handler is too slow wakes
// all its listeners, also those of topics of which no message was lost.
func TestSlowNodeIsToldThatItMissedNotifications(t *testing.T) {
	t.Parallel()
	quick, slow := twoNodes(t)
	if err := slow.heard.SetPendingLimits(10, -1); err != nil {
		t.Fatal(err)
	}
	woken, stop := slow.Listen("presence")
	defer stop()
	release := make(chan struct{})
	defer slow.Handle("users", func(string) { <-release })()

	for range 100 {
		quick.publish(message{"users", "7"})
	}
	// afterwards all 100 messages have reached the slow node, or are lost
	for _, n := range []*NATS{quick, slow} {
		if err := n.conn.FlushTimeout(20 * time.Second); err != nil {
			t.Fatal(err)
		}
	}
	if dropped, err := slow.heard.Dropped(); err != nil || dropped == 0 {
		t.Fatalf("%d messages dropped, %v: the test shows nothing", dropped, err)
	}
	select {
	case <-woken:
		t.Fatal("woken before the slow handler has gone on")
	default:
	}
	close(release)
	select {
	case payload := <-woken:
		if payload != "" {
			t.Errorf("sent %q", payload)
		}
	case <-time.After(20 * time.Second):
		t.Error("the listener is not woken")
	}
}

// TestOtherNodesAreToldOfAnOutage checks that a node that was cut off tells the others. They cannot
// notice the outage, but may have missed messages.
func TestOtherNodesAreToldOfAnOutage(t *testing.T) {
	t.Parallel()
	cut, other := twoNodes(t)
	woken, stop := other.Listen("presence")
	defer stop()
	if err := cut.conn.ForceReconnect(); err != nil {
		t.Fatal(err)
	}
	select {
	case payload := <-woken:
		if payload != "" {
			t.Errorf("sent %q", payload)
		}
	case <-time.After(20 * time.Second):
		t.Error("the listener is not woken")
	}
}

func twoNodes(t *testing.T) (*NATS, *NATS) {
	t.Helper()
	s := natstest.Start(t, server.Options{})
	var nodes [2]*NATS
	for i := range nodes {
		n, err := Connect(s.ClientURL(), slog.New(slog.DiscardHandler))
		if err != nil {
			t.Fatal(err)
		}
		nodes[i] = n
		t.Cleanup(func() { nodes[i].Close() })
	}
	return nodes[0], nodes[1]
}
