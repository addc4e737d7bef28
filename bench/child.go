package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"os/signal"
	"runtime/pprof"
	"strings"
	"syscall"
	"time"
)

// childCommand is the hidden command by which this program runs itself as a server.
const childCommand = "child"

// order says what a child is to serve.
type order struct {
	Kind      string // a key of kinds
	Database  string // for those that write: a SQLite file or a postgres:// URL
	Places    int    // for writes at once, and as many that wait; 0: as by default
	Feeds     int    // presence feeds of a pod
	People    int    // accounts of a crowd in it
	Answers   bool   // the crowd is present, and there are rooms to search
	PublicKey string // the user's, in PEM
	Rooms     int    // how many rooms a pod begins with
	Groups    *int   // information barrier groups of a pod with a crowd; nil: neither they nor the rooms behind them
	Body      []byte // what a constant answer consists of; a login token to verify
	Profile   string // a file for a CPU profile of the time from the start of serving; empty: none
}

// kinds is what a child can be. Each serves at the listener until stop is called.
var kinds = map[string]func(net.Listener, order) (stop func(), err error){
	"pod":             servePod,
	"constant":        serveConstant,
	"signatures":      serveSignatures,
	"sqlite inserts":  serveSQLiteInserts,
	"postgres insert": servePostgresInserts,
	"import":          serveImport,
}

// child is a running server, as its parent sees it.
type child struct {
	address  string
	command  *exec.Cmd
	stdin    io.Closer
	database meter // of the server of its database; nil: none
}

// startChild runs a server and waits until it listens.
func startChild(ctx context.Context, o order) (*child, error) {
	program, err := os.Executable()
	if err != nil {
		return nil, err
	}
	command := exec.Command(program, childCommand)
	command.Stderr = os.Stderr
	stdin, err := command.StdinPipe()
	if err != nil {
		return nil, err
	}
	stdout, err := command.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := command.Start(); err != nil {
		return nil, err
	}
	c := &child{command: command, stdin: stdin}
	giveUp := context.AfterFunc(ctx, func() { command.Process.Kill() })
	defer giveUp()
	err = json.NewEncoder(stdin).Encode(o)
	if err == nil {
		c.address, err = bufio.NewReader(stdout).ReadString('\n')
	}
	if err != nil {
		c.stop()
		return nil, fmt.Errorf("the server %q did not start: %w", o.Kind, err)
	}
	c.address = strings.TrimSpace(c.address)
	return c, nil
}

// stop ends the server: a child serves for as long as its standard input is open, so it ends
// with its parent even where the parent is killed.
func (c *child) stop() {
	c.stdin.Close()
	late := time.AfterFunc(15*time.Second, func() { c.command.Process.Kill() })
	defer late.Stop()
	c.command.Wait()
}

// beChild returns the other side of startChild.
func beChild() int {
	signal.Ignore(os.Interrupt, syscall.SIGTERM) // a terminal sends it to all; the parent decides
	if err := serveOrder(); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		return 1
	}
	return 0
}

func serveOrder() error {
	var o order
	if err := json.NewDecoder(os.Stdin).Decode(&o); err != nil {
		return err
	}
	serve := kinds[o.Kind]
	if serve == nil {
		return fmt.Errorf("there is no server %q", o.Kind)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	stop, err := serve(listener, o)
	if err != nil {
		return err
	}
	defer stop()
	if o.Profile != "" {
		file, err := os.Create(o.Profile)
		if err != nil {
			return err
		}
		defer file.Close()
		if err := pprof.StartCPUProfile(file); err != nil {
			return err
		}
		defer pprof.StopCPUProfile()
	}
	fmt.Println(listener.Addr())
	if _, err := io.Copy(io.Discard, os.Stdin); err != nil && !errors.Is(err, os.ErrClosed) {
		return err
	}
	return nil
}
