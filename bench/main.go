// Command bench measures how fast the pod is: what it does each second as a ratio to a
// ceiling, which the same run measures with the same load generator on the same cores, and
// how it starts. `make bench` runs it all and prints a Markdown table.
//
// The pod and every ceiling run in a process of their own (child.go); the load generator
// (load.go) is in this one. Each pair of rounds, ours and the ceiling's, follows directly on
// the one before, and a ratio is the median of the pairs': what else the machine does falls
// on both sides.
//
// Not inside: what the pod should answer. That is for tests.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"

	"podium/internal/pod/seed"
)

// settings is what the command line says.
type settings struct {
	round     time.Duration
	warm      time.Duration
	pairs     int
	rooms     int
	people    int
	scattered bool
	only      string
	output    string
	profile   string
}

// bench is one run.
type bench struct {
	settings
	dir    string // temporary, removed in the end
	key    userKey
	report report
}

// parts is what there is to measure, in the order of the table.
var parts = []struct {
	name    string
	measure func(*bench, context.Context) error
}{
	{"sessioninfo", (*bench).sessionInfo},
	{"login", (*bench).login},
	{"write", (*bench).write},
	{"overload", (*bench).overload},
	{"users", (*bench).users},
	{"import", (*bench).importing},
	{"presence", (*bench).presence},
	{"rooms", (*bench).rooms},
	{"messages", (*bench).messages},
	{"feeds", (*bench).feeds},
	{"streams", (*bench).streams},
	{"barriers", (*bench).barriers},
	{"answers", (*bench).answers},
	{"fanout", (*bench).fanOut},
	{"beside", (*bench).beside},
	{"start", (*bench).start},
}

func main() {
	if len(os.Args) == 2 && os.Args[1] == childCommand {
		os.Exit(beChild())
	}
	var s settings
	flag.DurationVar(&s.round, "round", 3*time.Second, "the length of a measured round")
	flag.DurationVar(&s.warm, "warm", 500*time.Millisecond, "the time that a round runs before it is measured")
	flag.IntVar(&s.pairs, "pairs", 5, "the number of pairs of rounds, and of runs of each kind of start")
	flag.IntVar(&s.rooms, "rooms", 1_000_000, "the number of rooms for the part streams; fewer load faster")
	flag.BoolVar(&s.scattered, "scattered", false, "import accounts that are not sorted by user name")
	flag.IntVar(&s.people, "people", 1_000_000, fmt.Sprintf("the large number of accounts, which is compared with %d and imported", fewUsers))
	flag.StringVar(&s.only, "only", "", "the parts to measure, separated by commas: sessioninfo,login,write,overload,users,import,presence,rooms,messages,feeds,streams,barriers,answers,fanout,beside,start; empty: all")
	flag.StringVar(&s.output, "o", "", "also write the table to this file")
	flag.StringVar(&s.profile, "profile", "", "write CPU profiles of the servers; cpu.pprof gives cpu-write.pprof, cpu-write-ceiling.pprof and so on")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, s); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, s settings) error {
	chosen, err := s.chosen()
	if err != nil {
		return err
	}
	b := &bench{settings: s}
	if b.dir, err = os.MkdirTemp("", "podium-bench-"); err != nil {
		return err
	}
	defer os.RemoveAll(b.dir)
	if b.report.head, err = b.head(); err != nil {
		return err
	}
	for _, part := range parts {
		if !slices.Contains(chosen, part.name) {
			continue
		}
		if err := part.measure(b, ctx); err != nil {
			if ctx.Err() != nil { // an interrupted round fails in many ways
				return fmt.Errorf("%s: interrupted: %w", part.name, context.Cause(ctx))
			}
			return fmt.Errorf("%s: %w", part.name, err)
		}
	}
	text := b.report.markdown()
	fmt.Print(text)
	if s.output == "" {
		return nil
	}
	return os.WriteFile(s.output, []byte(text), 0o644)
}

// chosen returns the names of the parts to measure.
func (s settings) chosen() ([]string, error) {
	var all []string
	for _, part := range parts {
		all = append(all, part.name)
	}
	if s.pairs < 1 || s.round <= 0 || s.warm < 0 {
		return nil, fmt.Errorf("-pairs must be at least 1, -round more than 0, -warm at least 0")
	}
	if s.people <= fewUsers || s.people > seed.MaxCrowd {
		return nil, fmt.Errorf("-people must be more than %d and at most %d", fewUsers, seed.MaxCrowd)
	}
	if s.only == "" {
		return all, nil
	}
	chosen := strings.Split(s.only, ",")
	for _, name := range chosen {
		if !slices.Contains(all, name) {
			return nil, fmt.Errorf("-only %s: the parts are %s", name, strings.Join(all, ", "))
		}
	}
	return chosen, nil
}

// profileOf returns where the profile of a part goes, or empty.
func (b *bench) profileOf(part string) string {
	if b.profile == "" {
		return ""
	}
	kind := filepath.Ext(b.profile)
	return strings.TrimSuffix(b.profile, kind) + "-" + part + kind
}

// progress prints what the run does now.
func progress(format string, args ...any) { fmt.Fprintf(os.Stderr, format+"\n", args...) }
