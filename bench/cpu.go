package main

import (
	"context"
	"time"
)

// meter returns the processor time that a server has used so far, or 0 where the system does not
// tell.
type meter func() time.Duration

// between returns the processor time used between two moments. Unlike a rate, it depends little on
// what else the machine does.
func (m meter) between(ctx context.Context, begin, end time.Time) time.Duration {
	before := m.at(ctx, begin)
	return m.at(ctx, end) - before
}

func (m meter) at(ctx context.Context, moment time.Time) time.Duration {
	select {
	case <-time.After(time.Until(moment)):
	case <-ctx.Done():
	}
	return m()
}

// cpu returns the processor time that the child has used, and that of its database's server, if it
// has one.
func (c *child) cpu() time.Duration {
	spent := cpuOf(c.command.Process.Pid)
	if c.database != nil {
		spent += c.database()
	}
	return spent
}

// cpuOf returns the processor time that a process has used so far, in hundredths of a second.
func cpuOf(pid int) time.Duration { return statOf(pid).spent }
