package throwaway

import (
	"context"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"

	"github.com/jackc/pgx/v5"
)

// Standby starts a server that replicates this one, reached at an address, which may be that of a
// proxy. From then on commits of this server wait for the standby.
func (s *Server) Standby(ctx context.Context, address string) (*Server, error) {
	u, err := url.Parse(address)
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp(Memory(false), "podium-postgres-")
	if err != nil {
		return nil, err
	}
	standby := &Server{dir: dir, bin: s.bin, owner: s.owner}
	err = standby.tool(ctx, "pg_basebackup", "--pgdata", standby.data(), "--write-recovery-conf", "--checkpoint", "fast", "--no-sync",
		"--dbname", fmt.Sprintf("host=%s port=%s user=podium sslmode=disable gssencmode=disable", u.Hostname(), u.Port()))
	if err == nil {
		err = standby.start(ctx)
	}
	if err == nil {
		err = s.waitFor(ctx)
	}
	if err != nil {
		standby.Stop()
		return nil, err
	}
	return standby, nil
}

// waitFor makes commits wait for any standby, and returns when one is connected.
func (s *Server) waitFor(ctx context.Context) error {
	conn, err := pgx.Connect(ctx, s.URL)
	if err != nil {
		return err
	}
	defer conn.Close(ctx)
	for _, sql := range []string{`ALTER SYSTEM SET synchronous_standby_names = '*'`, `SELECT pg_reload_conf()`} {
		if _, err := conn.Exec(ctx, sql); err != nil {
			return err
		}
	}
	for synchronous := false; !synchronous; {
		err := conn.QueryRow(ctx, `SELECT EXISTS (SELECT FROM pg_stat_replication WHERE sync_state = 'sync')`).Scan(&synchronous)
		if err != nil {
			return err
		}
	}
	return nil
}

// Promote makes a standby a writable server.
func (s *Server) Promote(ctx context.Context) error {
	conn, err := pgx.Connect(ctx, s.URL)
	if err != nil {
		return err
	}
	defer conn.Close(ctx)
	_, err = conn.Exec(ctx, `SELECT pg_promote()`)
	return err
}

// Kill ends all processes of the server at once, like a loss of power.
func (s *Server) Kill() {
	first := s.command.Process.Pid
	children := childrenOf(first)
	s.command.Process.Kill()
	for _, pid := range children {
		syscall.Kill(pid, syscall.SIGKILL)
	}
	s.command.Wait()
}

// childrenOf returns the processes that a process has started.
func childrenOf(parent int) []int {
	var children []int
	all, _ := filepath.Glob("/proc/[0-9]*/stat")
	for _, path := range all {
		text, err := os.ReadFile(path)
		if err != nil {
			continue // it has ended
		}
		fields := strings.Fields(string(text[strings.LastIndexByte(string(text), ')')+1:]))
		if len(fields) > 1 && fields[1] == strconv.Itoa(parent) {
			pid, _ := strconv.Atoi(filepath.Base(filepath.Dir(path)))
			children = append(children, pid)
		}
	}
	return children
}
