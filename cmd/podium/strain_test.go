package main_test

import (
	"bufio"
	"context"
	"encoding/json"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// Idle connections, more than the process has descriptors, keep no client out.
func TestManyIdleConnections(t *testing.T) {
	t.Parallel()
	database := filepath.Join(t.TempDir(), "podium.db")
	found(t, database)
	s := command{files: 256}.serveDoors(t, 1, database, "--management", "127.0.0.1:0")
	for range 600 {
		conn, err := net.Dial("tcp", strings.TrimPrefix(s.url, "http://"))
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { conn.Close() })
	}
	for range 20 {
		wants(t, login(t, s.url, "admin"), http.MethodGet, whoami, 200)
	}
	if a := get(t, s.manager()+"/readyz", ""); a.Status != 200 {
		t.Errorf("/readyz: %d %s", a.Status, a.Body)
	}
	if text := s.stderr.String(); strings.Contains(text, "too many open files") {
		t.Error("the descriptors ran out")
	}
}

// A reader of the log that stalls, and then goes, takes nothing with it.
func TestLogReaderStallsAndGoes(t *testing.T) {
	t.Parallel()
	database := filepath.Join(t.TempDir(), "podium.db")
	found(t, database)
	reader, writer, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer reader.Close()
	cmd := exec.Command(binary, "serve", "--database", database, "--listen", "127.0.0.1:0", "--management", "", "--rate", "0", "--log-format", "json", "--drain-delay", "0s")
	cmd.Dir, cmd.Stdout, cmd.Stderr = t.TempDir(), writer, writer
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = cmd.Process.Kill() })
	writer.Close()
	url := ""
	for lines := bufio.NewScanner(reader); url == "" && lines.Scan(); {
		var line struct{ Msg, Address string }
		if err := json.Unmarshal(lines.Bytes(), &line); err == nil && line.Msg == "listening" {
			url = "http://" + line.Address
		}
	}
	admin := login(t, url, "admin")
	ask := func() {
		t.Helper()
		ctx, cancel := context.WithTimeout(t.Context(), patience)
		defer cancel()
		for range 1000 { // some 200 bytes of log each: more than a pipe holds
			if a, err := admin.Do(ctx, http.MethodGet, whoami, nil); err != nil || a.Status != 200 {
				t.Fatal(a.Status, err)
			}
		}
	}
	ask()
	reader.Close()
	ask()
	if err := cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if err := cmd.Wait(); err != nil {
		t.Errorf("the end: %v", err)
	}
}

// The end of a pod does not wait for a reader of the log that stalls.
func TestEndWhileTheLogReaderStalls(t *testing.T) {
	t.Parallel()
	reader, writer, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer reader.Close()
	fill(t, writer)
	cmd := exec.Command(binary, "serve", "--database", filepath.Join(t.TempDir(), "no", "such", "folder", "podium.db"))
	cmd.Dir, cmd.Stderr = t.TempDir(), writer
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = cmd.Process.Kill() })
	writer.Close()
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	if err := <-ended; err == nil || cmd.ProcessState.ExitCode() != 1 {
		t.Errorf("the end: %v", err)
	}
}

// fill fills a pipe.
func fill(t *testing.T, pipe *os.File) {
	t.Helper()
	raw, err := pipe.SyscallConn()
	if err != nil {
		t.Fatal(err)
	}
	piece := make([]byte, 4096)
	err = raw.Write(func(fd uintptr) bool {
		for {
			if _, err := syscall.Write(int(fd), piece); err != nil {
				return true // it is full
			}
		}
	})
	if err != nil {
		t.Fatal(err)
	}
}
