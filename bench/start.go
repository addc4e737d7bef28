package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// idle is how long a pod is left alone before its memory is looked at.
const idle = 2 * time.Second

// start measures the binary: its size, how long `podium dev` takes from its beginning to the
// first answer, with and without an earlier run's data, and the memory it then holds.
func (b *bench) start(ctx context.Context) error {
	binary := filepath.Join(b.dir, "podium")
	progress("building podium")
	if out, err := exec.CommandContext(ctx, "go", "build", "-trimpath", "-o", binary, "podium/cmd/podium").CombinedOutput(); err != nil {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		b.report.note("Cold start, memory and size are not measured, because podium does not build. " + firstLine(out))
		return nil
	}
	file, err := os.Stat(binary)
	if err != nil {
		return err
	}
	var first, second, resident []float64
	for i := range b.pairs {
		data := filepath.Join(b.dir, "dev-"+strconv.Itoa(i))
		fresh, err := startDev(ctx, binary, data)
		if err != nil {
			return err
		}
		again, err := startDev(ctx, binary, data)
		if err != nil {
			return err
		}
		progress("start %d of %d: %.0f ms, then %.0f ms, %.1f MiB", i+1, b.pairs, fresh.milliseconds, again.milliseconds, again.mebibytes)
		first, second = append(first, fresh.milliseconds), append(second, again.milliseconds)
		resident = append(resident, again.mebibytes)
	}
	b.report.plain("cold start, `podium dev`, no data yet (makes keys)", spreadOf(first), "ms", 0)
	b.report.plain("cold start, `podium dev`, on its data", spreadOf(second), "ms", 0)
	b.report.plain("resident memory, idle", spreadOf(resident), "MiB", 1)
	b.report.value("binary size (`make build`)", fmt.Sprintf("%.1f MiB", float64(file.Size())/(1<<20)))
	return nil
}

// started is what one start measured.
type started struct {
	milliseconds float64 // until the first answer
	mebibytes    float64 // resident when idle; 0 where the system does not tell
}

// startDev runs podium dev until it is idle, then ends it.
func startDev(ctx context.Context, binary, data string) (started, error) {
	port, err := freePorts()
	if err != nil {
		return started{}, err
	}
	var said bytes.Buffer
	command := exec.Command(binary, "dev", "--data", data, "--port", strconv.Itoa(port))
	command.Dir = filepath.Dir(binary)
	command.Stderr = &said
	began := time.Now()
	if err := command.Start(); err != nil {
		return started{}, err
	}
	ended := make(chan struct{})
	go func() {
		command.Wait()
		close(ended)
	}()
	defer func() {
		command.Process.Signal(syscall.SIGTERM)
		select {
		case <-ended:
		case <-time.After(12 * time.Second):
			command.Process.Kill()
			<-ended
		}
	}()
	if err := firstAnswer(ctx, "127.0.0.1:"+strconv.Itoa(port), ended); err != nil {
		return started{}, fmt.Errorf("podium dev: %w: %s", err, firstLine(said.Bytes()))
	}
	s := started{milliseconds: float64(time.Since(began).Microseconds()) / 1000}
	select {
	case <-time.After(idle):
	case <-ctx.Done():
		return started{}, ctx.Err()
	}
	s.mebibytes = residentMemory(command.Process.Pid)
	return s, nil
}

// firstAnswer returns at the first 200.
func firstAnswer(ctx context.Context, address string, ended <-chan struct{}) error {
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	get := request("GET", "/pod/v1/podcert", "", nil)
	for {
		_, err := ask(ctx, address, get)
		if err == nil {
			return nil
		}
		select {
		case <-time.After(500 * time.Microsecond):
		case <-ended:
			return errors.New("it ended")
		case <-ctx.Done():
			return errors.Join(ctx.Err(), err)
		}
	}
}

// residentMemory returns a process's VmRSS, in MiB.
func residentMemory(pid int) float64 { return memory(pid, "VmRSS:") }

// peakMemory returns the most that residentMemory has been.
func peakMemory(pid int) float64 { return memory(pid, "VmHWM:") }

func memory(pid int, line string) float64 {
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0
	}
	_, after, _ := strings.Cut(string(status), line)
	fields := strings.Fields(after)
	if len(fields) == 0 {
		return 0
	}
	kibibytes, _ := strconv.ParseFloat(fields[0], 64)
	return kibibytes / 1024
}

// freePorts returns a port that is free together with the next one: podium dev takes both.
func freePorts() (int, error) {
	for range 50 {
		first, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			return 0, err
		}
		port := first.Addr().(*net.TCPAddr).Port
		second, err := net.Listen("tcp", "127.0.0.1:"+strconv.Itoa(port+1))
		first.Close()
		if err == nil {
			second.Close()
			return port, nil
		}
	}
	return 0, errors.New("no two free ports in a row")
}

func firstLine(text []byte) string {
	line, _, _ := strings.Cut(strings.TrimSpace(string(text)), "\n")
	return line
}
