// Command withpostgres runs a command with PODIUM_TEST_POSTGRES set to a throw-away
// PostgreSQL server, and stops the server afterwards:
//
//	go run ./internal/db/dbtest/withpostgres go test ./...
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
	if len(os.Args) < 2 {
		fmt.Fprintln(os.Stderr, "usage: withpostgres COMMAND [ARGUMENT…]")
		os.Exit(2)
	}
	os.Exit(run(os.Args[1], os.Args[2:]))
}

func run(name string, args []string) int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	command := exec.CommandContext(ctx, name, args...)
	command.Stdin, command.Stdout, command.Stderr = os.Stdin, os.Stdout, os.Stderr
	command.Env = os.Environ()

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
