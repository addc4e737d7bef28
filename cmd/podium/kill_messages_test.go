package main_test

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"podium/internal/client"
	"podium/internal/db/dbtest"
)

// TestKilledWhileSending checks that each acknowledged message is there after many lives of a pod,
// once and with its file, however the pod ended, and that no message lacks its file.
func TestKilledWhileSending(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, kind dbtest.Kind) {
		given := &sentTexts{acknowledged: map[string]string{}}
		last, rounds := killed(t, kind, func(s *server) {
			given.room(t, s)
			given.sendUntilKilled(t, s)
		})
		given.check(t, last)
		t.Logf("%d lives: %d messages of %d were acknowledged", rounds, len(given.acknowledged), given.n)
		if len(given.acknowledged) < rounds {
			t.Error("there was hardly any load")
		}
	})
}

// sentTexts is what has been sent to one room in all lives of a pod.
type sentTexts struct {
	stream string
	token  string

	mu           sync.Mutex
	n            int
	acknowledged map[string]string // the ids of messages by their texts
}

// room opens a session, and creates the room in the first life.
func (g *sentTexts) room(t *testing.T, s *server) {
	t.Helper()
	c := &client.Client{Base: s.url, HTTP: newHTTP(t)}
	if err := c.Login(context.Background(), "admin", testKey()); err != nil {
		t.Fatal(err)
	}
	g.token = c.Token
	if g.stream != "" {
		return
	}
	a, err := c.Do(context.Background(), http.MethodPost, "/pod/v3/room/create", []byte(`{"name": "talk", "description": "talk"}`))
	var made struct {
		Info struct {
			ID string `json:"id"`
		} `json:"roomSystemInfo"`
	}
	if err != nil || json.Unmarshal(a.Body, &made) != nil || made.Info.ID == "" {
		t.Fatalf("%d %s %v", a.Status, a.Body, err)
	}
	g.stream = made.Info.ID
}

// sendUntilKilled sends messages, several at once, until the pod is killed after an answer that no
// test could predict.
func (g *sentTexts) sendUntilKilled(t *testing.T, s *server) {
	t.Helper()
	var left atomic.Int64
	left.Store(1 + rand.Int64N(100))
	var callers sync.WaitGroup
	for range 8 {
		callers.Go(func() {
			c := &client.Client{Base: s.url, HTTP: newHTTP(t), Token: g.token}
			for g.send(t, c) {
				if left.Add(-1) == 0 {
					s.kill()
				}
			}
		})
	}
	callers.Wait()
	if left.Load() > 0 {
		t.Fatalf("the pod ended unasked\n%s", s.all())
	}
}

// send reports whether the pod answered as it should.
func (g *sentTexts) send(t *testing.T, c *client.Client) bool {
	g.mu.Lock()
	g.n++
	text := fmt.Sprintf("text %d", g.n)
	g.mu.Unlock()
	parts := map[string]any{"message": "<messageML>" + text + "</messageML>"}
	if withFile(text) {
		parts["attachment"] = client.FormFile{Name: "a.txt", Content: "content of " + text}
	}
	form, _ := json.Marshal(parts)
	a, err := c.DoForm(context.Background(), "/agent/v4/stream/"+g.stream+"/message/create", form)
	if err != nil {
		return false
	}
	var sent message
	if a.Status != http.StatusOK || json.Unmarshal(a.Body, &sent) != nil {
		t.Errorf("send: %d %s", a.Status, a.Body)
		return false
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	g.acknowledged[sent.plain()] = sent.ID
	return true
}

// message is what the test reads of one.
type message struct {
	ID    string `json:"messageId"`
	Text  string `json:"message"`
	At    int64  `json:"timestamp"`
	Files []struct {
		ID string `json:"id"`
	} `json:"attachments"`
}

// withFile reports whether a text is sent with a file: every second one is.
func withFile(text string) bool { return text[len(text)-1]%2 == 0 }

// file returns the content of the message's file; empty if it has none.
func (m message) file(t *testing.T, c *client.Client, stream string) string {
	t.Helper()
	if len(m.Files) == 0 {
		return ""
	}
	a, err := c.Do(context.Background(), http.MethodGet, "/agent/v1/stream/"+stream+"/attachment?messageId="+m.ID+"&fileId="+url.QueryEscape(m.Files[0].ID), nil)
	if err != nil || a.Status != http.StatusOK {
		t.Errorf("the file of %q: %d %s %v", m.plain(), a.Status, a.Body, err)
	}
	content, err := base64.StdEncoding.DecodeString(string(a.Body))
	if err != nil {
		t.Error(err)
	}
	return string(content)
}

// plain returns the text of a message without its element.
func (m message) plain() string {
	text := strings.TrimPrefix(m.Text, `<div data-format="PresentationML" data-version="2.0">`)
	return strings.TrimSuffix(text, "</div>")
}

// check fails the test unless each acknowledged message is there, and each text at most once.
func (g *sentTexts) check(t *testing.T, s *server) {
	t.Helper()
	g.room(t, s)
	c := &client.Client{Base: s.url, HTTP: newHTTP(t), Token: g.token}
	there := map[string]string{}
	for since, skip := int64(0), 0; ; {
		a, err := c.Do(context.Background(), http.MethodGet, fmt.Sprintf("/agent/v4/stream/%s/message?since=%d&skip=%d&limit=500", g.stream, since, skip), nil)
		var page []message
		if err != nil || a.Status != http.StatusOK || json.Unmarshal(a.Body, &page) != nil {
			t.Fatalf("%d %s %v", a.Status, a.Body, err)
		}
		if len(page) == 0 {
			break
		}
		slices.Reverse(page)
		for _, m := range page {
			if m.At != since {
				since, skip = m.At, 0
			}
			skip++
			if there[m.plain()] != "" {
				t.Errorf("%q is there twice", m.plain())
			}
			there[m.plain()] = m.ID
			want := ""
			if withFile(m.plain()) {
				want = "content of " + m.plain()
			}
			if got := m.file(t, c, g.stream); got != want {
				t.Errorf("the file of %q has %q", m.plain(), got)
			}
		}
	}
	for text, id := range g.acknowledged {
		if there[text] != id {
			t.Errorf("%q was acknowledged as %s, and is there as %q", text, id, there[text])
		}
	}
}
