// Package demobot is the bot of `podium dev`: a service account for people to talk to in the first
// minute. It greets, answers commands, shows a form with every field, and repeats what it hears.
//
// It is a client of a pod like any other: it knows the published API and nothing of the pod's code.
// It acts only in conversations of which it is a member.
package demobot

import (
	"context"
	"crypto/rsa"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"time"

	"podium/internal/client"
)

// Bot is a bot in one company. Set its fields, then call Run.
type Bot struct {
	Base     string          // the company's address, such as http://127.0.0.1:8080
	HTTP     *http.Client    // nil: http.DefaultClient
	Username string          // of the service account
	Key      *rsa.PrivateKey // of the service account
	Log      *slog.Logger

	// Ready is called when the bot hears what happens, after each login. It may be nil.
	Ready func()
}

// feedTag names the bot's feed. The pod keeps a feed for half an hour, so a bot that starts again
// within that time answers what it was told meanwhile.
const feedTag = "podium-demo-bot"

// retryAfter is how long the bot waits before it logs in again.
const retryAfter = time.Second

// Run answers until ctx ends. If the pod refuses something or is not there, Run logs in again.
func (b *Bot) Run(ctx context.Context) {
	for ctx.Err() == nil {
		err := b.serve(ctx)
		if ctx.Err() != nil {
			return
		}
		b.Log.Warn("the demo bot lost the pod; it logs in again", "bot", b.Username, "error", err)
		select {
		case <-time.After(retryAfter):
		case <-ctx.Done():
		}
	}
}

// serve logs in and answers events until something fails.
func (b *Bot) serve(ctx context.Context) error {
	s := &session{pod: &client.Client{Base: b.Base, HTTP: b.HTTP}, log: b.Log}
	if err := s.pod.Login(ctx, b.Username, b.Key); err != nil {
		return err
	}
	var itself struct {
		ID int64 `json:"id"`
	}
	if err := s.call(ctx, http.MethodGet, "/pod/v2/sessioninfo", nil, &itself); err != nil {
		return err
	}
	s.self = itself.ID
	var feed struct {
		ID string `json:"id"`
	}
	if err := s.call(ctx, http.MethodPost, "/agent/v5/datafeeds", map[string]string{"tag": feedTag}, &feed); err != nil {
		return err
	}
	if b.Ready != nil {
		b.Ready()
	}
	return s.follow(ctx, "/agent/v5/datafeeds/"+url.PathEscape(feed.ID)+"/read")
}

// session is a bot that has logged in.
type session struct {
	pod  *client.Client
	log  *slog.Logger
	self int64 // its own user id
}

// follow reads a feed and answers its events. One event that cannot be answered does not keep the
// bot from the next.
func (s *session) follow(ctx context.Context, path string) error {
	ack := ""
	for {
		var read struct {
			AckID  string            `json:"ackId"`
			Events []json.RawMessage `json:"events"`
		}
		if err := s.call(ctx, http.MethodPost, path, map[string]string{"ackId": ack}, &read); err != nil {
			return err
		}
		ack = read.AckID
		for _, raw := range read.Events {
			if err := s.hear(ctx, raw); err != nil && ctx.Err() == nil {
				s.log.Warn("the demo bot cannot answer an event", "error", err)
			}
		}
	}
}

func (s *session) hear(ctx context.Context, raw []byte) error {
	var e event
	if err := json.Unmarshal(raw, &e); err != nil {
		return err
	}
	return s.answer(ctx, e)
}

// call calls an operation with a JSON body and reads its answer into out.
func (s *session) call(ctx context.Context, method, path string, body, out any) error {
	var data []byte
	if body != nil {
		var err error
		if data, err = json.Marshal(body); err != nil {
			return err
		}
	}
	answer, err := s.pod.Do(ctx, method, path, data)
	if err != nil {
		return err
	}
	return read(answer, method+" "+path, out)
}

// read reads the JSON of an answer, which must be of success.
func read(a client.Answer, request string, out any) error {
	if a.Status >= 300 {
		return fmt.Errorf("%s: the pod answered %d %.200s", request, a.Status, a.Body)
	}
	if out == nil {
		return nil
	}
	return json.Unmarshal(a.Body, out)
}
