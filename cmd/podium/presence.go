package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"time"

	"podium/internal/client"
	"podium/internal/pod/presence"
)

type presenceCommand struct {
	Watch watchCommand `cmd:"" help:"Print each change of presence: time, user id, category."`
}

type watchCommand struct {
	All bool `help:"Begin with the present status of all users."`
	caller
}

// errSession says that the session has ended: another login may open a new one.
var errSession = errors.New("the session has ended")

// Run shows changes until ctx ends. When the connection is lost it goes on behind the last change
// that it showed.
func (c *watchCommand) Run(ctx context.Context) error {
	if err := c.defaults(); err != nil {
		return err
	}
	transport, err := c.transport()
	if err != nil {
		return err
	}
	pod := &client.Client{Base: c.URL, HTTP: transport}
	if err := c.login(ctx, pod); err != nil {
		return err
	}
	defer func() { pod.Do(context.WithoutCancel(ctx), http.MethodPost, "/sessionauth/v1/logout", nil) }()
	last := ""
	if c.All {
		last = "0-0"
	}
	const least, most = 250 * time.Millisecond, 30 * time.Second
	for pause := least; ; pause = min(2*pause, most) {
		err := follow(ctx, pod, os.Stdout, &last, func() { pause = least })
		if ctx.Err() != nil {
			return nil
		}
		if errors.Is(err, errSession) {
			err = c.login(ctx, pod)
		}
		var refused *refusal
		if errors.As(err, &refused) {
			return err
		}
		if err != nil {
			fmt.Fprintf(os.Stderr, "podium: %v; trying again\n", err)
		}
		select {
		case <-time.After(pause):
		case <-ctx.Done():
			return nil
		}
	}
}

// refusal is an answer that repeating the call will not change.
type refusal struct{ answer client.Answer }

func (r *refusal) Error() string {
	return fmt.Sprintf("the pod answered %d: %s", r.answer.Status, r.answer.Body)
}

// follow shows changes until the stream ends, and keeps the last one's id.
func follow(ctx context.Context, pod *client.Client, w io.Writer, last *string, heard func()) error {
	answer, err := pod.Follow(ctx, "/podium/v1/presence/events", *last, func(e client.Event) error {
		var p presence.Presence
		if err := json.Unmarshal([]byte(e.Data), &p); err != nil {
			return fmt.Errorf("the event %s: %w", e.ID, err)
		}
		*last = e.ID
		heard()
		_, err := fmt.Fprintf(w, "%s\t%s\t%s\n", p.Timestamp.Std().Format(time.RFC3339), p.UserID, p.Category)
		return err
	})
	switch {
	case answer.Status == http.StatusUnauthorized:
		return errSession
	case answer.Status >= 400 && answer.Status < 500 && answer.Status != http.StatusTooManyRequests:
		return &refusal{answer}
	case answer.Status >= 400:
		return fmt.Errorf("the pod answered %d", answer.Status)
	}
	return err
}
