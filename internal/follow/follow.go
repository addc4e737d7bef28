// Package follow reads tables whose rows have positions, such as the log and presence, in the order
// of these positions. A Table reads pages up to the horizon. A Reader follows: it reads page after
// page, waits until it is woken, and tries again when the database fails. A Loop is its waiting
// alone. docs/decisions/0003-following-the-log.md explains positions and the horizon.
//
// Not inside: where the position of a reader is stored. It is in memory, in a client's hands, or in
// a table of its chapter.
package follow

import (
	"context"
	"time"

	"podium/internal/notify"
)

// Soon is how soon to look again while rows are above the horizon, which moves on when the
// transactions that hold it back end.
const Soon = 10 * time.Millisecond

// Next says when a Loop takes its next step.
type Next int

// When the next step is due.
const (
	Woken Next = iota // when the topic wakes the loop, or after Loop.Look
	Again             // at once: there is more
	Later             // after Soon, or when the topic wakes the loop
)

// Loop takes steps until its context ends. Between two steps it waits.
type Loop struct {
	Notify notify.Notifier
	Topic  string

	// Concerns, if set, reports whether a payload of the topic wakes the loop. The empty payload
	// always does: it takes the place of any others.
	Concerns func(payload string) bool

	// Look is how long the loop waits without a notification, because one may be lost.
	Look time.Duration
}

// Run calls step until ctx ends. woken reports whether the topic woke the loop before this step.
func (l Loop) Run(ctx context.Context, step func(ctx context.Context, woken bool) Next) {
	topic, stop := l.Notify.Listen(l.Topic)
	defer stop()
	woken := false
	for ctx.Err() == nil {
		pause := l.Look
		switch step(ctx, woken) {
		case Again:
			woken = false
			continue
		case Later:
			pause = Soon
		}
		woken = l.wait(ctx, topic, pause)
	}
}

// wait returns when a payload concerns the loop, after a pause, or when ctx ends. It reports
// whether there was such a payload.
func (l Loop) wait(ctx context.Context, topic <-chan string, pause time.Duration) bool {
	timer := time.NewTimer(pause)
	defer timer.Stop()
	for {
		select {
		case payload := <-topic:
			if payload == "" || l.Concerns == nil || l.Concerns(payload) {
				return true
			}
		case <-timer.C:
			return false
		case <-ctx.Done():
			return false
		}
	}
}
