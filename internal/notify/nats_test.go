package notify_test

import (
	"fmt"
	"log/slog"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"

	"podium/internal/notify"
	"podium/internal/notify/natstest"
)

// patience is how long a test waits for an event. All waits end with the event.
const patience = 20 * time.Second

func TestOtherNodesHear(t *testing.T) {
	t.Parallel()
	url := natstest.Start(t, server.Options{}).ClientURL()
	one, two := connect(t, url), connect(t, url)
	woken, stop := two.Listen("users")
	defer stop()
	handled := make(chan string, 1)
	defer two.Handle("users", func(payload string) { handled <- payload })()

	one.Notify("users", "7")
	if got := next(t, handled); got != "7" {
		t.Errorf("the handler was given %q", got)
	}
	if got := next(t, woken); got != "7" {
		t.Errorf("the listener was sent %q", got)
	}
	one.Notify("users", "")
	if got := next(t, woken); got != "" {
		t.Errorf("the empty payload arrived as %q", got)
	}
}

// TestOwnMessagesComeOnce relies on NATS keeping the order of one connection's messages: an own
// message that came back would arrive before the other node's answer.
func TestOwnMessagesComeOnce(t *testing.T) {
	t.Parallel()
	url := natstest.Start(t, server.Options{}).ClientURL()
	one, two := connect(t, url), connect(t, url)
	defer two.Handle("question", func(payload string) { two.Notify("answer", payload) })()
	questions, stop := one.Listen("question")
	defer stop()
	answers, stop := one.Listen("answer")
	defer stop()

	one.Notify("question", "7")
	if got := waiting(questions); !slices.Equal(got, []string{"7"}) {
		t.Errorf("when Notify returned, the listener of this node held %q", got)
	}
	if got := next(t, answers); got != "7" {
		t.Errorf("the answer is %q", got)
	}
	if got := waiting(questions); len(got) != 0 {
		t.Errorf("this node heard itself say %q", got)
	}
}

func TestAnOutageWakesAllListeners(t *testing.T) {
	t.Parallel()
	first := natstest.Start(t, server.Options{})
	one, two := connect(t, first.ClientURL()), connect(t, first.ClientURL())
	here, stop := one.Listen("events")
	defer stop()
	there, stop := two.Listen("users")
	defer stop()
	evicted := make(chan string, 1)
	defer two.Handle("users", func(payload string) {
		if payload == "" {
			select {
			case evicted <- "":
			default:
			}
		}
	})()

	address := first.Addr().String()
	first.Shutdown()
	first.WaitForShutdown()
	for i := range 20_000 { // more than the buffers hold; it must neither block nor fail
		one.Notify("users", strconv.Itoa(i))
	}
	port, err := strconv.Atoi(address[strings.LastIndex(address, ":")+1:])
	if err != nil {
		t.Fatal(err)
	}
	natstest.Start(t, server.Options{Port: port})

	if got := next(t, here); got != "" {
		t.Errorf("after the outage the first node was sent %q", got)
	}
	for next(t, there) != "" { // the latest payloads may still arrive
	}
	next(t, evicted)
	for heard := ""; heard != "afterwards"; { // an empty payload arrives for each lost one
		one.Notify("users", "afterwards")
		heard = next(t, there)
	}
}

func TestNodeStartsWithoutNATS(t *testing.T) {
	t.Parallel()
	first := natstest.Start(t, server.Options{})
	address := first.Addr().String()
	first.Shutdown()
	first.WaitForShutdown()

	n := connect(t, "nats://"+address)
	woken, stop := n.Listen("events")
	defer stop()
	n.Notify("events", "7")
	if got := next(t, woken); got != "7" {
		t.Errorf("a node alone was sent %q", got)
	}
	port, err := strconv.Atoi(address[strings.LastIndex(address, ":")+1:])
	if err != nil {
		t.Fatal(err)
	}
	natstest.Start(t, server.Options{Port: port})
	if got := next(t, woken); got != "" {
		t.Errorf("when NATS came, the listener was sent %q", got)
	}
}

func TestManyAtOnceOverNATS(t *testing.T) {
	t.Parallel()
	url := natstest.Start(t, server.Options{}).ClientURL()
	one, two := connect(t, url), connect(t, url)
	var mu sync.Mutex
	heard := make(map[string]bool)
	complete, whole := make(chan string, 1), make(chan string, 1)
	const senders, each = 8, 2000
	defer two.Handle("users", func(payload string) {
		if payload == "" { // the sender's buffer was full: anything may have changed
			select {
			case whole <- "":
			default:
			}
			return
		}
		mu.Lock()
		defer mu.Unlock()
		if heard[payload] {
			t.Errorf("%s came twice", payload)
		}
		heard[payload] = true
		if len(heard) == senders*each {
			complete <- ""
		}
	})()
	var sending sync.WaitGroup
	for sender := range senders {
		sending.Go(func() {
			for i := range each {
				one.Notify("users", fmt.Sprintf("%d-%d", sender, i))
			}
		})
	}
	sending.Wait()
	select {
	case <-complete:
	case <-whole:
	case <-time.After(patience):
		mu.Lock()
		defer mu.Unlock()
		t.Errorf("%d of %d arrived, and no empty payload for the others", len(heard), senders*each)
	}
}

func TestTooLargePayloadStillWakes(t *testing.T) {
	t.Parallel()
	url := natstest.Start(t, server.Options{MaxPayload: 100}).ClientURL()
	one, two := connect(t, url), connect(t, url)
	woken, stop := two.Listen("users")
	defer stop()
	one.Notify("users", strings.Repeat("7", 101))
	if got := next(t, woken); got != "" {
		t.Errorf("the listener was sent %q", got)
	}
}

func TestCloseSendsWaitingNotifications(t *testing.T) {
	t.Parallel()
	url := natstest.Start(t, server.Options{}).ClientURL()
	one, two := connect(t, url), connect(t, url)
	woken, stop := two.Listen("users")
	defer stop()
	one.Notify("users", "7")
	if err := one.Close(); err != nil {
		t.Fatal(err)
	}
	if err := one.Close(); err != nil {
		t.Fatal("closing again:", err)
	}
	if got := next(t, woken); got != "7" {
		t.Errorf("the listener was sent %q", got)
	}
	own, stop := one.Listen("users")
	defer stop()
	one.Notify("users", "8")
	if got := next(t, own); got != "8" {
		t.Errorf("after Close, this node was sent %q", got)
	}
}

func TestErrorsNeverContainCredentials(t *testing.T) {
	t.Parallel()
	s := natstest.Start(t, server.Options{Username: "podium", Password: "correct"})
	lines := make(log, 100)
	logger := slog.New(slog.NewTextHandler(lines, &slog.HandlerOptions{Level: slog.LevelDebug}))
	n, err := notify.Connect("nats://podium:secret@"+s.Addr().String(), logger)
	if err != nil {
		t.Fatal(err)
	}
	defer n.Close()
	for refused := false; !refused; {
		line := next(t, lines)
		refused = strings.Contains(line, "Authorization")
		if strings.Contains(line, "secret") {
			t.Errorf("logged: %s", line)
		}
	}
	for _, url := range []string{"nats://podium:secret@host:port", "nats://podium:sec/secret@host", "podium:%zzsecret@host", "nats://"} {
		if _, err := notify.Connect(url, logger); err == nil || strings.Contains(err.Error(), "secret") {
			t.Errorf("%s: %v", url, err)
		}
	}
}

func connect(t *testing.T, url string) *notify.NATS {
	t.Helper()
	n, err := notify.Connect(url, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { n.Close() })
	return n
}

func next(t *testing.T, payloads <-chan string) string {
	t.Helper()
	select {
	case payload := <-payloads:
		return payload
	case <-time.After(patience):
		t.Fatal("nothing comes")
		return ""
	}
}

// log is a writer that sends each line to a channel.
type log chan string

func (l log) Write(p []byte) (int, error) {
	select {
	case l <- string(p):
	default:
	}
	return len(p), nil
}
