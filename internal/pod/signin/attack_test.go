package signin_test

import (
	"bytes"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"podium/internal/db/dbtest"
	"podium/internal/pod"
	"podium/podtest"
)

// production is the configuration of a pod that signs in by links alone.
func production(c *pod.Config) { c.DemoSignIn, c.PasswordSignIn = false, false }

// A link signs in once: not again, not after ten minutes, not in another company, and once if many
// use it together.
func TestLinks(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, kind dbtest.Kind) {
		clock := podtest.NewClock()
		p := podtest.StartOn(t, kind, podtest.WithClock(clock))
		code := p.LoginLink("acme-bot") // a service account
		newBrowser(t, p.SecondURL).link(code).want(t, http.StatusUnauthorized)
		newBrowser(t, p.URL).link(code+"A").want(t, http.StatusUnauthorized)
		b := newBrowser(t, p.URL)
		b.link(code).want(t, http.StatusOK)
		if got := b.who(); got != http.StatusOK {
			t.Errorf("after the link: %d", got)
		}
		newBrowser(t, p.URL).link(code).want(t, http.StatusUnauthorized)

		raced := p.LoginLink("alice")
		var passed atomic.Int32
		var together sync.WaitGroup
		for range 8 {
			together.Go(func() {
				if newBrowser(t, p.URL).link(raced).status == http.StatusOK {
					passed.Add(1)
				}
			})
		}
		together.Wait()
		if passed.Load() != 1 {
			t.Errorf("a link that eight use at once signs in %d times", passed.Load())
		}
		late := p.LoginLink("alice")
		clock.Advance(10 * time.Minute)
		newBrowser(t, p.URL).link(late).want(t, http.StatusUnauthorized)
		if err := p.Inner.Sweep(t.Context()); err != nil {
			t.Fatal(err)
		}
		if n := p.Number(t, `SELECT COUNT(*) FROM signin_links`); n != 0 {
			t.Errorf("%d links are kept", n)
		}
		locked := p.LoginLink("bob")
		p.Bot("acme-admin").Post(fmt.Sprintf("/pod/v1/admin/user/%d/status/update", p.ID(190, "bob")), map[string]string{"status": "DISABLED"}).Want(http.StatusOK)
		newBrowser(t, p.URL).link(locked).want(t, http.StatusUnauthorized)
	})
}

// A stranger gets ten tries at a name, and one more each minute, from however many addresses and at
// once. A browser with which the owner has signed in has tries of its own.
func TestGuessing(t *testing.T) {
	t.Parallel()
	podtest.Each(t, func(t *testing.T, p *podtest.Pod) {
		p.Person("paula", "correct horse")
		own := newBrowser(t, p.URL)
		own.password("paula", "correct horse").want(t, http.StatusOK)
		for _, name := range []string{"paula", "zoe"} {
			var tried, refused atomic.Int32
			var together sync.WaitGroup
			for range 24 {
				together.Go(func() {
					switch got := newBrowser(t, p.URL).password(name, "guess"); got.status {
					case http.StatusUnauthorized:
						tried.Add(1)
					case http.StatusTooManyRequests:
						refused.Add(1)
					default:
						t.Errorf("a guess: %d %s", got.status, got.body)
					}
				})
			}
			together.Wait()
			if tried.Load() != 10 || refused.Load() != 14 {
				t.Errorf("of 24 guesses of the password of %s %d were tried and %d refused", name, tried.Load(), refused.Load())
			}
		}
		newBrowser(t, p.URL).password("paula", "correct horse").want(t, http.StatusTooManyRequests)
		for range 20 { // successes do not count
			own.password("paula", "correct horse").want(t, http.StatusOK)
		}
		for range 10 {
			own.password("paula", "guess").want(t, http.StatusUnauthorized)
		}
		own.password("paula", "guess").want(t, http.StatusTooManyRequests)
		forged := newBrowser(t, p.URL)
		value := own.cookie("podium_browser_190")
		id, rest, _ := strings.Cut(value, ".")
		forged.setCookie("podium_browser_190", id+"1."+rest)
		forged.password("paula", "correct horse").want(t, http.StatusTooManyRequests)
		own.setCookie("podium_browser_190", "")
		// ten of each name, and the address has used up thirty: nothing else is tried from it
		for range 10 {
			newBrowser(t, p.URL).password("yan", "guess").want(t, http.StatusUnauthorized)
		}
		newBrowser(t, p.URL).password("xavier", "guess").want(t, http.StatusTooManyRequests)
		newBrowser(t, p.URL).link(p.LoginLink("alice")).want(t, http.StatusTooManyRequests)
	}, podtest.WithClock(podtest.NewClock()))
}

// Time makes up for failed tries, and the sweep removes what has no effect any more.
func TestTriesComeBack(t *testing.T) {
	t.Parallel()
	clock := podtest.NewClock()
	p := podtest.Start(t, podtest.WithClock(clock))
	p.Person("paula", "correct horse")
	b := newBrowser(t, p.URL)
	for range 10 {
		b.password("paula", "guess").want(t, http.StatusUnauthorized)
	}
	b.password("paula", "correct horse").want(t, http.StatusTooManyRequests)
	clock.Advance(time.Minute)
	b.password("paula", "correct horse").want(t, http.StatusOK)
	clock.Advance(time.Hour)
	if err := p.Inner.Sweep(t.Context()); err != nil {
		t.Fatal(err)
	}
	if n := p.Number(t, `SELECT COUNT(*) FROM signin_tries`); n != 0 {
		t.Errorf("%d counts of tries are kept", n)
	}
}

// What the log has of sign-ins names no password, code or token.
func TestTheLogKeepsSecrets(t *testing.T) {
	t.Parallel()
	var log lockedBuffer
	p := podtest.Start(t, podtest.WithLog(&log))
	p.Person("paula", "correct horse battery")
	b := newBrowser(t, p.URL)
	b.password("paula", "wrong horse battery").want(t, http.StatusUnauthorized)
	b.password("paula", "correct horse battery").want(t, http.StatusOK)
	code := p.LoginLink("alice")
	other := newBrowser(t, p.URL)
	other.link(code).want(t, http.StatusOK)
	other.link(code).want(t, http.StatusUnauthorized)
	b.who()
	text := log.String()
	for _, secret := range []string{"horse", code, b.cookie(sessionCookie), b.cookie("podium_browser_190")} {
		if secret == "" || strings.Contains(text, secret) {
			t.Errorf("the log has %q", secret)
		}
	}
	if !strings.Contains(text, "signInByPassword") {
		t.Errorf("the log has no sign-in: %s", text)
	}
}

// lockedBuffer is a buffer that several goroutines write to.
type lockedBuffer struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (b *lockedBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.Write(p)
}

func (b *lockedBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.String()
}
