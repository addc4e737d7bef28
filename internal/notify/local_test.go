package notify_test

import (
	"fmt"
	"slices"
	"sync"
	"testing"

	"podium/internal/notify"
)

func TestListenersAreWokenWhenNotifyReturns(t *testing.T) {
	t.Parallel()
	n := notify.NewLocal()
	first, stopFirst := n.Listen("events")
	defer stopFirst()
	second, stopSecond := n.Listen("events")
	defer stopSecond()
	other, stopOther := n.Listen("presence")
	defer stopOther()

	n.Notify("events", "17")
	if got := waiting(first); !slices.Equal(got, []string{"17"}) {
		t.Errorf("the first listener holds %q", got)
	}
	if got := waiting(second); !slices.Equal(got, []string{"17"}) {
		t.Errorf("the second listener holds %q", got)
	}
	if got := waiting(other); len(got) != 0 {
		t.Errorf("a listener to another topic holds %q", got)
	}
}

func TestPayloadsThatDoNotFitBecomeOneEmptyPayload(t *testing.T) {
	t.Parallel()
	many := make([]string, 9)
	for i := range many {
		many[i] = fmt.Sprint(i)
	}
	for name, c := range map[string]struct{ sent, want []string }{
		"payloads keep their order":     {many[:8], many[:8]},
		"too many become one empty":     {many, []string{""}},
		"empty ones become one":         {[]string{"", "", ""}, []string{""}},
		"an empty one swallows earlier": {[]string{"a", "b", ""}, []string{""}},
		"an empty one swallows later":   {[]string{"", "a", "b"}, []string{""}},
	} {
		n := notify.NewLocal()
		woken, stop := n.Listen("users")
		for _, payload := range c.sent {
			n.Notify("users", payload)
		}
		if got := waiting(woken); !slices.Equal(got, c.want) {
			t.Errorf("%s: %q, not %q", name, got, c.want)
		}
		n.Notify("users", "afterwards")
		if got := waiting(woken); !slices.Equal(got, []string{"afterwards"}) {
			t.Errorf("%s: afterwards %q", name, got)
		}
		stop()
	}
}

func TestAfterStopNothingArrives(t *testing.T) {
	t.Parallel()
	n := notify.NewLocal()
	woken, stopListening := n.Listen("users")
	handled := 0
	stopHandling := n.Handle("users", func(string) { handled++ })
	stopListening()
	stopListening() // a second stop does nothing
	stopHandling()
	stopHandling()
	n.Notify("users", "7")
	if got := waiting(woken); len(got) != 0 || handled != 0 {
		t.Errorf("after stop the channel holds %q, and the handler was called %d times", got, handled)
	}
}

func TestHandlersRunBeforeListenersAreWoken(t *testing.T) {
	t.Parallel()
	n := notify.NewLocal()
	woken, stop := n.Listen("users")
	defer stop()
	var payloads []string
	early := 0
	handle := func(payload string) {
		payloads = append(payloads, payload) // on this goroutine, so unlocked
		early += len(waiting(woken))
	}
	defer n.Handle("users", handle)()
	defer n.Handle("users", handle)()
	n.Notify("users", "7")
	if !slices.Equal(payloads, []string{"7", "7"}) || early != 0 {
		t.Errorf("handled %q, %d messages before the handlers had run", payloads, early)
	}
	if got := waiting(woken); !slices.Equal(got, []string{"7"}) {
		t.Errorf("the listener holds %q", got)
	}
}

func TestAHandlerMayNotifyAndListen(t *testing.T) {
	t.Parallel()
	n := notify.NewLocal()
	woken, stop := n.Listen("sessions")
	defer stop()
	defer n.Handle("users", func(payload string) {
		_, stop := n.Listen("users")
		stop()
		n.Notify("sessions", payload)
	})()
	n.Notify("users", "7")
	if got := waiting(woken); !slices.Equal(got, []string{"7"}) {
		t.Errorf("the listener holds %q", got)
	}
}

func TestATopicIsAName(t *testing.T) {
	t.Parallel()
	n := notify.NewLocal()
	for _, topic := range []string{"", "a.b", "a b", "*", ">", "_everything", "9", "ü", "a\n"} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%q passes for a topic", topic)
				}
			}()
			n.Notify(topic, "")
		}()
	}
	n.Notify("user-Cache_2", "")
}

// TestManyAtOnce notifies concurrently while listeners come and go: the last message that a
// listener receives is the last payload, or an empty one in its place.
func TestManyAtOnce(t *testing.T) {
	t.Parallel()
	const senders, each = 8, 2000
	n := notify.NewLocal()
	woken, stop := n.Listen("events")
	defer stop()
	done := make(chan struct{})
	go func() {
		defer close(done)
		var sending sync.WaitGroup
		for range senders {
			sending.Go(func() {
				for i := range each {
					n.Notify("events", fmt.Sprint(i))
					_, stop := n.Listen("events")
					stop()
				}
			})
		}
		sending.Wait()
		n.Notify("events", "last")
	}()
	latest := "none"
	for ended := false; !ended; {
		select {
		case latest = <-woken:
		case <-done:
			ended = true
		}
	}
	if rest := waiting(woken); len(rest) > 0 {
		latest = rest[len(rest)-1]
	}
	if latest != "last" && latest != "" {
		t.Errorf("the last message is %q", latest)
	}
}

// waiting receives all that a channel holds.
func waiting(woken <-chan string) (payloads []string) {
	for {
		select {
		case payload := <-woken:
			payloads = append(payloads, payload)
		default:
			return payloads
		}
	}
}
