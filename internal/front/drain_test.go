package front

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

func TestShutdownOrder(t *testing.T) {
	t.Parallel()
	for version := 1; version <= 2; version++ {
		synctest.Test(t, func(t *testing.T) {
			began := time.Now()
			var mu sync.Mutex
			var story []string
			happens := func(what string) {
				mu.Lock()
				defer mu.Unlock()
				story = append(story, fmt.Sprintf("%v %s", time.Since(began).Truncate(time.Second), what))
			}
			drain := NewDrain(3*time.Second, func() { happens("not ready") })
			handler := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if r.URL.Path == "/quick" {
					fmt.Fprint(w, "quick")
					return
				}
				<-drain.Draining()
				happens("drained")
				select {
				case <-time.After(2 * time.Second):
				case <-r.Context().Done():
				}
				fmt.Fprint(w, r.Context().Err())
			})
			s := newServer(t, Config{Handler: handler, Drain: drain})
			p := listenInMemory(t, s)
			client := p.client(t, version)
			answered := make(chan struct{})
			go func() {
				defer close(answered)
				resp, err := client.Get("http://pod/poll")
				if err != nil {
					t.Errorf("HTTP/%d: the long poll is cut off: %v", version, err)
					return
				}
				if got := text(t, resp); got != "<nil>" {
					t.Errorf("HTTP/%d: the long poll is answered %s", version, got)
				}
				happens("answered")
			}()
			synctest.Wait() // until it polls

			ended := make(chan error)
			go func() { ended <- s.Shutdown(context.Background()) }()
			time.Sleep(time.Second) // on the test's clock; now the grace begins
			resp, err := p.client(t, version).Get("http://pod/quick")
			if err != nil {
				t.Fatalf("HTTP/%d: no answer in the grace: %v", version, err)
			}
			if got := text(t, resp); got != "quick" {
				t.Errorf("HTTP/%d: in the grace the answer is %s", version, got)
			}
			if err := <-ended; err != nil {
				t.Errorf("HTTP/%d: %v", version, err)
			}
			<-answered
			if want := []string{"0s not ready", "3s drained", "5s answered"}; !slices.Equal(story, want) {
				t.Errorf("HTTP/%d: %q, not %q", version, story, want)
			}
			if _, err := p.client(t, version).Get("http://pod/quick"); err == nil {
				t.Errorf("HTTP/%d: the pod still answers", version)
			}
			if err := s.Shutdown(context.Background()); err != nil {
				t.Errorf("HTTP/%d: shutting down again: %v", version, err)
			}
		})
	}
}

func TestShutdownCutsOffWhatDoesNotEnd(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		patience, want time.Duration
	}{
		"ten seconds in all":  {time.Hour, 10 * time.Second},
		"the caller's limit":  {4 * time.Second, 4 * time.Second},
		"less than the grace": {time.Second, time.Second},
	} {
		synctest.Test(t, func(t *testing.T) {
			cut := make(chan error, 1)
			handler := http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
				<-r.Context().Done() // ignores Draining
				cut <- r.Context().Err()
			})
			drain := NewDrain(2*time.Second, nil)
			s := newServer(t, Config{Handler: handler, Drain: drain})
			client := listenInMemory(t, s).client(t, 1)
			go client.Get("http://pod/")
			synctest.Wait()

			ctx, cancel := context.WithTimeout(t.Context(), c.patience)
			defer cancel()
			began := time.Now()
			if err := s.Shutdown(ctx); !errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("%s: %v", name, err)
			}
			if took := time.Since(began); took != c.want {
				t.Errorf("%s: took %v", name, took)
			}
			<-cut
			<-drain.Draining()
		})
	}
}

func TestServeEndsWithoutAnError(t *testing.T) {
	t.Parallel()
	pair := newPair(t, "one")
	s := newServer(t, Config{Handler: http.NotFoundHandler(), Certificate: load(t, pair)})
	plain, secure := listen(t, s.Serve), listen(t, s.ServeTLS) // these fail the test if Serve fails
	client := newClient(t, &http.Transport{TLSClientConfig: &tls.Config{RootCAs: pair.pool}})
	for _, url := range []string{"http://" + plain, "https://" + secure} {
		resp, err := client.Get(url)
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
	}
	if err := s.Shutdown(t.Context()); err != nil {
		t.Fatal(err)
	}
}
