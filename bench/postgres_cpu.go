package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"
)

// postgresMeter returns the meter of a PostgreSQL server on this machine: of its first process and
// all that it has started.
func postgresMeter(ctx context.Context, server string) (meter, error) {
	conn, err := pgx.Connect(ctx, server)
	if err != nil {
		return nil, err
	}
	defer conn.Close(ctx)
	var backend int
	if err := conn.QueryRow(ctx, `SELECT pg_backend_pid()`).Scan(&backend); err != nil {
		return nil, err
	}
	first := statOf(backend).parent
	if first == 0 {
		return nil, fmt.Errorf("the PostgreSQL server is not on this machine: its processor time is not known")
	}
	return func() time.Duration {
		spent := statOf(first).spent + statOf(first).ended
		all, _ := filepath.Glob("/proc/[0-9]*")
		for _, path := range all {
			pid, _ := strconv.Atoi(filepath.Base(path))
			if s := statOf(pid); s.parent == first {
				spent += s.spent
			}
		}
		return spent
	}, nil
}

// processStat is a line of Linux's /proc/PID/stat: zeros where there is none.
type processStat struct {
	parent       int
	spent, ended time.Duration // processor time: its own, and that of processes which it started and which have ended
}

func statOf(pid int) (s processStat) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return s
	}
	fields := bytes.Fields(text[bytes.LastIndexByte(text, ')')+1:]) // the name before may have anything in it
	if len(fields) < 15 {
		return s
	}
	number := func(i int) int {
		n, _ := strconv.Atoi(string(fields[i]))
		return n
	}
	const tick = 10 * time.Millisecond
	s.parent = number(1)
	s.spent = time.Duration(number(11)+number(12)) * tick
	s.ended = time.Duration(number(13)+number(14)) * tick
	return s
}
