package main_test

import (
	"context"
	"encoding/base64"
	big "encoding/binary"
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"podium/internal/client"
)

// bot is an account that hears by one feed. Its instances share the feed.
type bot struct {
	name string
	id   int64
	log  *hearingLog
}

// loop is one instance of a bot. It reads as the loops of the SDKs do: it looks for a feed and
// creates one where there is none; it acknowledges an answer by its next read; after a failure it
// sends the same acknowledgement again; after 400 it deletes the feed and creates another one;
// after 401 it logs in again.
type loop struct {
	t    *testing.T
	bot  *bot
	at   func() string // the address of the pod
	http *http.Client

	mu    sync.Mutex
	token string
	feed  string

	ack    string
	events []said // of the last answer
}

func newLoop(t *testing.T, b *bot, at func() string) *loop {
	return &loop{t: t, bot: b, at: at, http: newHTTP(t)}
}

// feedID is what the SDKs take for the id of a feed.
var feedID = regexp.MustCompile(`^[^\s_]+_f(_[^\s_]+)?$`)

// run reads until ctx ends. What it then has not acknowledged is delivered again.
func (l *loop) run(ctx context.Context) {
	pause := time.NewTicker(5 * time.Millisecond)
	defer pause.Stop()
	for ctx.Err() == nil {
		if !l.step(ctx) {
			<-pause.C
		}
	}
}

// step performs the next request. It reports whether the pod answered as it should.
func (l *loop) step(ctx context.Context) bool {
	c := &client.Client{Base: l.at(), HTTP: l.http, Token: l.session()}
	switch {
	case c.Token == "":
		if c.Login(ctx, l.bot.name, testKey()) != nil {
			return false
		}
		l.set(c.Token, l.feed)
		return true
	case l.feed == "":
		id, ok := l.open(ctx, c)
		l.set(c.Token, id)
		return ok
	}
	return l.read(ctx, c)
}

// open returns the first feed of the list, or a new one.
func (l *loop) open(ctx context.Context, c *client.Client) (string, bool) {
	type feed struct {
		ID string `json:"id"`
	}
	var list []feed
	a, err := c.Do(ctx, http.MethodGet, "/agent/v5/datafeeds", nil)
	if err != nil || a.Status != http.StatusOK || json.Unmarshal(a.Body, &list) != nil {
		return "", l.refused(ctx, a, err)
	}
	for _, f := range list {
		if feedID.MatchString(f.ID) {
			return f.ID, true
		}
	}
	return l.create(ctx, c)
}

func (l *loop) create(ctx context.Context, c *client.Client) (string, bool) {
	var made struct {
		ID string `json:"id"`
	}
	a, err := c.Do(ctx, http.MethodPost, "/agent/v5/datafeeds", []byte(`{}`))
	if err != nil || a.Status != http.StatusCreated || json.Unmarshal(a.Body, &made) != nil {
		return "", l.refused(ctx, a, err)
	}
	return made.ID, true
}

// read performs one read with the acknowledgement of the last answer.
func (l *loop) read(ctx context.Context, c *client.Client) bool {
	began := l.bot.log.begin()
	body, _ := json.Marshal(map[string]string{"ackId": l.ack})
	a, err := c.Do(ctx, http.MethodPost, "/agent/v5/datafeeds/"+l.feed+"/read", body)
	switch {
	case err == nil && a.Status == http.StatusBadRequest:
		if a, err := c.Do(ctx, http.MethodDelete, "/agent/v5/datafeeds/"+l.feed, nil); err != nil || a.Status != http.StatusNoContent {
			return l.refused(ctx, a, err)
		}
		id, ok := l.create(ctx, c)
		l.set(c.Token, id)
		l.ack, l.events = "", nil
		return ok
	case err != nil || a.Status != http.StatusOK:
		return l.refused(ctx, a, err)
	}
	var answer struct {
		Events []struct {
			Payload struct {
				Sent struct {
					Message struct {
						Text string `json:"message"`
					} `json:"message"`
				} `json:"messageSent"`
			} `json:"payload"`
		} `json:"events"`
		AckID string `json:"ackId"`
	}
	if err := json.Unmarshal(a.Body, &answer); err != nil || answer.AckID == "" {
		l.t.Errorf("read: %s %v", a.Body, err)
		return false
	}
	l.bot.log.acknowledged(l.events)
	l.ack, l.events = answer.AckID, nil
	for _, e := range answer.Events {
		if s, ok := saidBy(e.Payload.Sent.Message.Text); ok {
			l.events = append(l.events, s)
		}
	}
	l.bot.log.heard(l.t, l.feed, rangeOf(l.t, l.ack), began, l.events)
	return true
}

// refused fails the test for an answer that no loop should get.
func (l *loop) refused(ctx context.Context, a client.Answer, err error) bool {
	switch {
	case ctx.Err() != nil, err != nil, a.Status >= 500, a.Status == http.StatusTooManyRequests:
	case a.Status == http.StatusUnauthorized:
		l.set("", l.feed)
	default:
		l.t.Errorf("%s is answered %d %s", l.bot.name, a.Status, a.Body)
	}
	return false
}

func (l *loop) set(token, feed string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.token, l.feed = token, feed
}

func (l *loop) session() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.token
}

func (l *loop) currentFeed() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.feed
}

// rangeOf returns the number in an acknowledgement: ranges are numbered in the order of the log.
func rangeOf(t *testing.T, ack string) int64 {
	raw, err := base64.RawURLEncoding.DecodeString(ack)
	if err != nil || len(raw) != 16 {
		t.Errorf("the acknowledgement is %q", ack)
		return 0
	}
	return int64(big.BigEndian.Uint64(raw[8:]))
}

// said is a message: its writer, and its number among the writer's messages, from 0.
type said struct{ writer, n int32 }

func (s said) text() string { return fmt.Sprintf("writer %d says %d", s.writer, s.n) }

// saidBy returns what a text of text says; ok is false for other texts.
func saidBy(text string) (s said, ok bool) {
	_, text, ok = strings.Cut(text, "writer ")
	if !ok {
		return s, false
	}
	n, _ := fmt.Sscanf(text, "%d says %d", &s.writer, &s.n)
	return s, n == 2
}
