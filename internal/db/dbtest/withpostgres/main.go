// Command withpostgres runs a command with PODIUM_TEST_POSTGRES set to a throw-away
// PostgreSQL server, and stops the server afterwards:
//
//	go run ./internal/db/dbtest/withpostgres go test ./...
//
// With -memory before the command, the command's temporary files are in memory where the machine
// has room for them.
//
// On a machine without PostgreSQL it prints that and runs the command without it; if
// PODIUM_REQUIRE_POSTGRES is 1, it fails instead.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"syscall"

	"podium/internal/db/dbtest/throwaway"
)

func main() {
	args := os.Args[1:]
	memory := len(args) > 0 && args[0] == "-memory"
	if memory {
		args = args[1:]
	}
	if len(args) == 0 {
		fmt.Fprintln(os.Stderr, "usage: withpostgres [-memory] COMMAND [ARGUMENT…]")
		os.Exit(2)
	}
	os.Exit(run(memory, args[0], args[1:]))
}

func run(memory bool, name string, args []string) int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	command := exec.CommandContext(ctx, name, args...)
	command.Stdin, command.Stdout, command.Stderr = os.Stdin, os.Stdout, os.Stderr
	command.Env = os.Environ()
	if dir := throwaway.Memory(true); memory && dir != "" {
		dir, err := temporary(dir)
		if err != nil {
			fmt.Fprintln(os.Stderr, "withpostgres:", err)
			return 1
		}
		defer os.RemoveAll(dir)
		command.Env = append(command.Env, "TMPDIR="+dir)
	}

	server, err := throwaway.Start(ctx)
	switch {
	case err == nil:
		defer server.Stop()
		command.Env = append(command.Env, "PODIUM_TEST_POSTGRES="+server.URL)
	case errors.Is(err, throwaway.ErrNotInstalled) && os.Getenv("PODIUM_REQUIRE_POSTGRES") != "1":
		fmt.Fprintln(os.Stderr, "No PostgreSQL server is installed: testing on SQLite alone.")
	default:
		fmt.Fprintln(os.Stderr, "withpostgres:", err)
		return 1
	}
	if err := command.Run(); err != nil {
		var exit *exec.ExitError
		if errors.As(err, &exit) {
			return exit.ExitCode()
		}
		fmt.Fprintln(os.Stderr, "withpostgres:", err)
		return 1
	}
	return 0
}

// temporary makes a folder for temporary files. Other users may enter it: servers of tests may run
// as another user.
func temporary(parent string) (string, error) {
	dir, err := os.MkdirTemp(parent, "podium-tests-")
	if err != nil {
		return "", err
	}
	return dir, os.Chmod(dir, 0o711)
}
