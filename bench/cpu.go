package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"strconv"
	"time"
)

// cpuBetween is the processor time that a process uses between two moments, or 0 where the
// system does not tell. Other than a rate, it says little of what else the machine does.
func cpuBetween(ctx context.Context, pid int, begin, end time.Time) time.Duration {
	before := cpuAt(ctx, pid, begin)
	return cpuAt(ctx, pid, end) - before
}

func cpuAt(ctx context.Context, pid int, moment time.Time) time.Duration {
	select {
	case <-time.After(time.Until(moment)):
	case <-ctx.Done():
	}
	return cpuOf(pid)
}

// cpuOf is the processor time that a process has used so far: utime and stime of Linux's
// /proc/PID/stat, in hundredths of a second.
func cpuOf(pid int) time.Duration {
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return 0
	}
	fields := bytes.Fields(stat[bytes.LastIndexByte(stat, ')')+1:]) // the name before may have anything in it
	if len(fields) < 13 {
		return 0
	}
	user, _ := strconv.ParseInt(string(fields[11]), 10, 64)
	system, _ := strconv.ParseInt(string(fields[12]), 10, 64)
	return time.Duration(user+system) * 10 * time.Millisecond
}
