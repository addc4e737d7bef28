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
	flag.DurationVar(&s.round, "round", 3*time.Second, "how long a round is measured")
	flag.DurationVar(&s.warm, "warm", 500*time.Millisecond, "how long each round runs before it is measured")
	flag.IntVar(&s.pairs, "pairs", 5, "pairs of rounds; the runs of each kind of start")
	flag.IntVar(&s.rooms, "rooms", 1_000_000, "in how many rooms streams are looked for: fewer are sooner loaded")
	flag.BoolVar(&s.scattered, "scattered", false, "import accounts in no order of their user names")
	flag.IntVar(&s.people, "people", 1_000_000, fmt.Sprintf("how many accounts are many, where they are compared with %d, and how many are imported", fewUsers))
	flag.StringVar(&s.only, "only", "", "what to measure, with commas: sessioninfo,login,write,overload,users,import,presence,rooms,streams,barriers,answers,fanout,beside,start; empty: all")
	flag.StringVar(&s.output, "o", "", "a file to write the table to as well")
	flag.StringVar(&s.profile, "profile", "", "write CPU profiles of the servers: for cpu.pprof, cpu-write.pprof, cpu-write-ceiling.pprof and so on")
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
				return fmt.Errorf("%s: ended from outside: %w", part.name, context.Cause(ctx))
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
		return nil, fmt.Errorf("there is at least one pair of rounds, and a round takes its time")
	}
	if s.people <= fewUsers || s.people > seed.MaxCrowd {
		return nil, fmt.Errorf("-people is above %d, and at most %d", fewUsers, seed.MaxCrowd)
	}
	if s.only == "" {
		return all, nil
	}
	chosen := strings.Split(s.only, ",")
	for _, name := range chosen {
		if !slices.Contains(all, name) {
			return nil, fmt.Errorf("-only %s: there is %s", name, strings.Join(all, ", "))
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

// progress returns the impatient what is going on.
func progress(format string, args ...any) { fmt.Fprintf(os.Stderr, format+"\n", args...) }
