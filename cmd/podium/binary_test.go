// Tests of the binary as people run it: by its command line, its files, signals and sockets.
package main_test

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// patience is how long a test waits for what must come; it never waits in vain.
const patience = time.Minute

// binary is the program under test, built once.
var binary string

func TestMain(m *testing.M) { os.Exit(testMain(m)) }

func testMain(m *testing.M) int {
	if flag.Parse(); testing.Short() {
		fmt.Println("left out: these tests build the binary and run it, and make test has them")
		return 0
	}
	folder, err := os.MkdirTemp("", "podium-test-")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer os.RemoveAll(folder)
	binary = filepath.Join(folder, "podium")
	if said, err := exec.Command("go", "build", "-o", binary, ".").CombinedOutput(); err != nil {
		fmt.Fprintf(os.Stderr, "go build: %v\n%s", err, said)
		return 1
	}
	return m.Run()
}

// command is how the binary is started. The zero value is a fresh folder and a clean
// environment.
type command struct {
	folder string   // where it runs
	env    []string // NAME=VALUE, beside those of the test that are not Podium's
	umask  string   // in octal; empty: that of the test
	files  int      // that it may have open at once; 0: as many as the test
	stdin  string
}

// process is a running binary.
type process struct {
	t              testing.TB
	cmd            *exec.Cmd
	stdout, stderr *output
	ended          chan struct{} // closed when it has ended and all it wrote is there
}

// start starts the binary, killed at the latest when the test ends.
func start(t testing.TB, args ...string) *process {
	t.Helper()
	return command{}.start(t, args...)
}

func (c command) start(t testing.TB, args ...string) *process {
	t.Helper()
	if c.folder == "" {
		c.folder = t.TempDir()
	}
	p := &process{t: t, cmd: exec.Command(binary, args...), stdout: newOutput(), stderr: newOutput(), ended: make(chan struct{})}
	if c.umask != "" {
		p.cmd = exec.Command("/bin/sh", append([]string{"-c", `umask "$0" && exec "$@"`, c.umask, binary}, args...)...)
	}
	if c.files != 0 {
		p.cmd = exec.Command("/bin/sh", append([]string{"-c", `ulimit -n "$0" && exec "$@"`, strconv.Itoa(c.files), binary}, args...)...)
	}
	p.cmd.Dir = c.folder
	p.cmd.Env = append(slices.DeleteFunc(os.Environ(), func(v string) bool { return strings.HasPrefix(v, "PODIUM_") }), c.env...)
	p.cmd.Stdin = strings.NewReader(c.stdin)
	p.cmd.Stdout, p.cmd.Stderr = p.stdout, p.stderr
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go func() {
		defer close(p.ended)
		p.cmd.Wait() // how it ended is in the ProcessState
	}()
	t.Cleanup(p.kill)
	return p
}

// kill ends the process as kill -9 does.
func (p *process) kill() {
	p.cmd.Process.Kill()
	<-p.ended
}

func (p *process) signal(s syscall.Signal) {
	p.t.Helper()
	if err := p.cmd.Process.Signal(s); err != nil {
		p.t.Fatal(err)
	}
}

// code returns the exit code of the process, waited for.
func (p *process) code() int {
	p.t.Helper()
	select {
	case <-p.ended:
		return p.cmd.ProcessState.ExitCode()
	case <-time.After(patience):
		p.t.Fatalf("%v does not end\n%s", p.cmd.Args, p.all())
		return -1
	}
}

// all returns what the process has written so far.
func (p *process) all() string { return p.stdout.String() + p.stderr.String() }

// await waits until the process has written what found finds.
func (p *process) await(o *output, what string, found func(text string) bool) {
	p.t.Helper()
	deadline := time.After(patience)
	for {
		text, more := o.look()
		if found(text) {
			return
		}
		select {
		case <-more:
		case <-p.ended:
			if found(o.String()) {
				return
			}
			p.t.Fatalf("%v ended (%v) before %s\n%s", p.cmd.Args, p.cmd.ProcessState, what, p.all())
		case <-deadline:
			p.t.Fatalf("%v goes on without %s\n%s", p.cmd.Args, what, p.all())
		}
	}
}

// says waits until the process has written text.
func (p *process) says(o *output, text string) {
	p.t.Helper()
	p.await(o, "saying "+text, func(said string) bool { return strings.Contains(said, text) })
}

// lines returns the log of a process that writes it as JSON. A line that is none fails the test.
func (p *process) lines() []map[string]any {
	p.t.Helper()
	return parseLines(p.t, p.stderr.String())
}

func parseLines(t testing.TB, text string) []map[string]any {
	t.Helper()
	var lines []map[string]any
	for line := range strings.Lines(text) {
		if !strings.HasSuffix(line, "\n") {
			break // it is still being written
		}
		var parsed map[string]any
		if err := json.Unmarshal([]byte(line), &parsed); err != nil {
			t.Fatalf("the log line %q: %v", line, err)
		}
		lines = append(lines, parsed)
	}
	return lines
}

// linesOf returns the log lines with a message.
func linesOf(lines []map[string]any, message string) []map[string]any {
	return slices.DeleteFunc(lines, func(line map[string]any) bool { return line["msg"] != message })
}

// result is how a command ended.
type result struct {
	t              testing.TB
	args           []string
	code           int
	stdout, stderr string
}

// run runs the binary until it ends.
func run(t testing.TB, args ...string) result {
	t.Helper()
	return command{}.run(t, args...)
}

func (c command) run(t testing.TB, args ...string) result {
	t.Helper()
	p := c.start(t, args...)
	code := p.code()
	return result{t: t, args: args, code: code, stdout: p.stdout.String(), stderr: p.stderr.String()}
}

// want fails the test unless the command ended with the code.
func (r result) want(code int) result {
	r.t.Helper()
	if r.code != code {
		r.t.Fatalf("podium %q: exit code %d instead of %d\n%s%s", r.args, r.code, code, r.stdout, r.stderr)
	}
	return r
}

// fails fails the test unless the command ended with the code, said all texts on standard error
// in a few lines, and nothing on standard output.
func (r result) fails(code int, texts ...string) {
	r.t.Helper()
	r.want(code)
	for _, text := range texts {
		if !strings.Contains(r.stderr, text) {
			r.t.Errorf("podium %q does not say %q but:\n%s", r.args, text, r.stderr)
		}
	}
	if lines := strings.Count(r.stderr, "\n"); r.stdout != "" || lines == 0 || lines > 5 {
		r.t.Errorf("podium %q says:\n%s%s", r.args, r.stdout, r.stderr)
	}
}

// output is what a process has written to one of its outputs.
type output struct {
	mu   sync.Mutex
	text strings.Builder
	more chan struct{} // closed when there is more
}

func newOutput() *output { return &output{more: make(chan struct{})} }

func (o *output) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	close(o.more)
	o.more = make(chan struct{})
	return o.text.Write(p)
}

// look returns what is there, and what is closed when there is more.
func (o *output) look() (string, <-chan struct{}) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.text.String(), o.more
}

func (o *output) String() string {
	text, _ := o.look()
	return text
}

// eventually waits for a condition of a process that gives no signal.
func eventually(t testing.TB, what string, so func() bool) {
	t.Helper()
	deadline := time.After(patience)
	ticker := time.NewTicker(5 * time.Millisecond)
	defer ticker.Stop()
	for !so() {
		select {
		case <-ticker.C:
		case <-deadline:
			t.Fatalf("in vain: %s", what)
		}
	}
}

func write(t testing.TB, file, text string) {
	t.Helper()
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func read(t testing.TB, parts ...string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(parts...))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func exists(parts ...string) bool {
	_, err := os.Stat(filepath.Join(parts...))
	return !errors.Is(err, os.ErrNotExist)
}
