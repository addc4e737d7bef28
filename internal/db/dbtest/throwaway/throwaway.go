// Package throwaway starts a PostgreSQL server for tests from the machine's own binaries: in a
// temporary folder, in memory if there is room, on a free loopback port, without waiting for the
// disk. It is never a system service.
package throwaway

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"
)

// ErrNotInstalled is the error if the machine has no PostgreSQL server.
var ErrNotInstalled = errors.New("no PostgreSQL server is installed")

// Server is a running server.
type Server struct {
	URL string // of its database postgres, as its superuser

	dir     string
	bin     string
	owner   *syscall.Credential
	port    int
	command *exec.Cmd
}

// Start creates a data folder and starts a server on it. As root it runs the server as an ordinary
// user, since PostgreSQL refuses root.
func Start(ctx context.Context) (*Server, error) {
	bin, err := binaries()
	if err != nil {
		return nil, err
	}
	owner, err := ordinaryUser()
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp(Memory(false), "podium-postgres-")
	if err != nil {
		return nil, err
	}
	s := &Server{dir: dir, bin: bin, owner: owner}
	err = s.tool(ctx, "initdb", "--pgdata", s.data(), "--username", "podium",
		"--auth", "trust", "--encoding", "UTF8", "--lc-collate", "C", "--lc-ctype", "C.UTF-8", "--no-sync")
	if err == nil {
		err = s.start(ctx)
	}
	if err != nil {
		s.Stop()
		return nil, err
	}
	return s, nil
}

func (s *Server) data() string { return filepath.Join(s.dir, "data") }

// tool runs one of the server's own programs as the server's user.
func (s *Server) tool(ctx context.Context, name string, args ...string) error {
	if s.owner != nil {
		if err := os.Chown(s.dir, int(s.owner.Uid), int(s.owner.Gid)); err != nil {
			return err
		}
	}
	command := exec.CommandContext(ctx, filepath.Join(s.bin, name), args...)
	command.SysProcAttr = &syscall.SysProcAttr{Credential: s.owner}
	command.Dir = s.dir
	if out, err := command.CombinedOutput(); err != nil {
		return fmt.Errorf("%s: %w\n%s", name, err, out)
	}
	return nil
}

func (s *Server) start(ctx context.Context) error {
	port, err := freePort()
	if err != nil {
		return err
	}
	s.port = port
	log, err := os.Create(filepath.Join(s.dir, "log"))
	if err != nil {
		return err
	}
	defer log.Close()
	s.command = exec.Command(filepath.Join(s.bin, "postgres"), "-D", s.data(), "-p", strconv.Itoa(port),
		"-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories=", "-c", "fsync=off",
		"-c", "full_page_writes=off", "-c", "max_connections=500", "-c", "shared_buffers=128MB",
		"-c", "max_wal_size=256MB")
	s.command.SysProcAttr = &syscall.SysProcAttr{Credential: s.owner, Pdeathsig: syscall.SIGINT}
	s.command.Dir = s.dir
	s.command.Stdout, s.command.Stderr = log, log
	if err := s.command.Start(); err != nil {
		return err
	}
	s.URL = fmt.Sprintf("postgres://podium@127.0.0.1:%d/postgres?sslmode=disable", port)
	return s.ready(ctx)
}

func (s *Server) ready(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	for {
		conn, err := pgx.Connect(ctx, s.URL)
		if err == nil {
			return conn.Close(ctx)
		}
		select {
		case <-time.After(20 * time.Millisecond):
		case <-ctx.Done():
			said, _ := os.ReadFile(filepath.Join(s.dir, "log"))
			return fmt.Errorf("the server did not start: %w\n%s", err, said)
		}
	}
}

// Stop ends the server and removes its folder.
func (s *Server) Stop() {
	if s.command != nil && s.command.Process != nil {
		s.command.Process.Signal(syscall.SIGQUIT) // an "immediate" shutdown: the data is not needed
		s.command.Wait()
	}
	os.RemoveAll(s.dir)
}

// binaries returns the folder with initdb and postgres.
func binaries() (string, error) {
	if path, err := exec.LookPath("initdb"); err == nil {
		if path, err = filepath.EvalSymlinks(path); err == nil { // the others need not be linked to
			return filepath.Dir(path), nil
		}
	}
	found, _ := filepath.Glob("/usr/lib/postgresql/*/bin/initdb") // Debian keeps it out of PATH
	if len(found) > 0 {
		return filepath.Dir(found[len(found)-1]), nil
	}
	return "", ErrNotInstalled
}

// ordinaryUser returns the user to run the server as: nil for the current user.
func ordinaryUser() (*syscall.Credential, error) {
	if os.Geteuid() != 0 {
		return nil, nil
	}
	for _, name := range []string{"postgres", "nobody"} {
		u, err := user.Lookup(name)
		if err != nil {
			continue
		}
		uid, _ := strconv.ParseUint(u.Uid, 10, 32)
		gid, _ := strconv.ParseUint(u.Gid, 10, 32)
		return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}, nil
	}
	return nil, errors.New("run as root, and there is neither a user postgres nor nobody to run the server as")
}

func freePort() (int, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port, nil
}
