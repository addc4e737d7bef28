package main

import (
	"crypto/rand"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"time"
)

// report gathers figures and writes them as Markdown.
type report struct {
	head    []string
	figures []figure
	others  []figure // on a database that does not wait for the disk
	kinds   []figure // on PostgreSQL beside SQLite
	notes   []string
}

// figure is a line of a table.
type figure struct {
	name, ours, ceiling, ratio, target, met string
}

// compared adds a comparison that has a target.
func (r *report) compared(name string, c comparison, target float64) {
	f := comparedFigure(name, c)
	f.target, f.met = fmt.Sprintf("≥ %.1f", target), verdict(c.ratios(), target)
	r.figures = append(r.figures, f)
}

// atMost adds a comparison of how long something takes in two circumstances: at most so many times
// as long in the first.
func (r *report) atMost(name string, c comparison, target float64) {
	r.timesAsLong(name, c, target, func(one result) float64 { return 1 / one.rate })
}

// atMostMedian is as atMost, by the medians of each round: one slow answer of many does not count.
func (r *report) atMostMedian(name string, c comparison, target float64) {
	r.timesAsLong(name, c, target, func(one result) float64 { return one.latency.quantile(.5).Seconds() })
}

// atMostCPU is as atMost, by the server's processor time: what else the machine does does not
// count.
func (r *report) atMostCPU(name string, c comparison, target float64) {
	r.timesAsLong(name, c, target, func(one result) float64 { return one.cpu.Seconds() })
}

// besideSQLite adds a comparison of the processor time on PostgreSQL with that on SQLite.
func (r *report) besideSQLite(name string, c comparison, target float64) {
	f := timesFigure(name, c, target, func(one result) float64 { return one.cpu.Seconds() })
	r.kinds = append(r.kinds, f)
}

func (r *report) timesAsLong(name string, c comparison, target float64, duration func(result) float64) {
	r.figures = append(r.figures, timesFigure(name, c, target, duration))
}

func timesFigure(name string, c comparison, target float64, duration func(result) float64) figure {
	times := make([]float64, len(c.ours))
	for i := range times {
		times[i] = duration(c.ours[i]) / duration(c.ceiling[i])
	}
	s := spreadOf(times)
	f := comparedFigure(name, c)
	f.ratio = fmt.Sprintf("**%.3f** times as long [%.2f..%.2f]", s.median, s.least, s.most)
	f.target, f.met = fmt.Sprintf("≤ %.1f", target), "no"
	switch {
	case s.median <= target && s.most <= target:
		f.met = "yes"
	case s.median <= target:
		f.met = "yes, not in every pair"
	case s.least <= target:
		f.met = "no, not in every pair"
	}
	return f
}

// comparedTo adds a comparison with a target of two digits.
func (r *report) comparedTo(name string, c comparison, target float64) {
	f := comparedFigure(name, c)
	s := c.ratios()
	f.target, f.met = fmt.Sprintf("≥ %.2f", target), "no"
	switch {
	case s.median >= target && s.least >= target:
		f.met = "yes"
	case s.median >= target:
		f.met = "yes, not in every pair"
	}
	r.figures = append(r.figures, f)
}

// verdict reports whether the median reaches a target, and how far to believe it. Nothing is
// faster than its ceiling: where a pair says so, the machine did other things meanwhile.
func verdict(s spread, target float64) string {
	word := "no"
	if s.median >= target {
		word = "yes"
	}
	switch {
	case s.most > 1:
		return "unclear, the machine was busy"
	case s.least < target && s.most >= target:
		return word + ", not in every pair"
	}
	return word
}

// beside adds a comparison on PostgreSQL, which has no target.
func (r *report) beside(name string, c comparison) {
	r.others = append(r.others, comparedFigure(name, c))
}

// plain adds a figure without a ceiling.
func (r *report) plain(name string, s spread, unit string, digits int) {
	r.value(name, fmt.Sprintf("%.*f %s [%.*f..%.*f]", digits, s.median, unit, digits, s.least, digits, s.most))
}

func (r *report) value(name, text string) {
	r.figures = append(r.figures, figure{name: name, ours: text, ceiling: "–", ratio: "–", target: "–", met: "–"})
}

func (r *report) note(text string) { r.notes = append(r.notes, text) }

func comparedFigure(name string, c comparison) figure {
	s := c.ratios()
	return figure{
		name: name, ours: rateText(summary(c.ours)), ceiling: rateText(summary(c.ceiling)),
		ratio: fmt.Sprintf("**%.3f** [%.2f..%.2f]", s.median, s.least, s.most), target: "–", met: "–",
	}
}

func rateText(r result) string {
	text := fmt.Sprintf("%.0f/s", r.rate)
	if r.latency.count > 0 {
		text += fmt.Sprintf(", p50 %s, p99 %s", milliseconds(r.latency.quantile(.5)), milliseconds(r.latency.quantile(.99)))
	}
	if r.cpu > 0 {
		text += fmt.Sprintf(", %.1f µs CPU", r.cpu.Seconds()*1e6)
	}
	return text
}

func milliseconds(d time.Duration) string { return fmt.Sprintf("%.2f ms", d.Seconds()*1000) }

func (r *report) markdown() string {
	var text strings.Builder
	text.WriteString("# Podium: make bench\n\n")
	for _, line := range r.head {
		fmt.Fprintf(&text, "- %s\n", line)
	}
	table(&text, "ours | ceiling", r.figures)
	if len(r.kinds) > 0 {
		text.WriteString("\nPostgreSQL beside SQLite: the processor time is the sum of the pod's and the database server's.\n")
		table(&text, "PostgreSQL | SQLite", r.kinds)
	}
	if len(r.others) > 0 {
		text.WriteString("\nPostgreSQL, without a target. The throw-away server of `make test` runs with fsync=off: on it nothing is durable, " +
			"and these figures do not compare with those above.\n")
		table(&text, "ours | ceiling", r.others)
	}
	for _, note := range r.notes {
		fmt.Fprintf(&text, "\n%s\n", note)
	}
	return text.String()
}

func table(text *strings.Builder, sides string, figures []figure) {
	if len(figures) == 0 {
		return
	}
	fmt.Fprintf(text, "\n| figure | %s | ratio, median [min..max] | target | met? |\n|---|---|---|---|---|---|\n", sides)
	for _, f := range figures {
		fmt.Fprintf(text, "| %s | %s | %s | %s | %s | %s |\n", f.name, f.ours, f.ceiling, f.ratio, f.target, f.met)
	}
}

// head returns what a reader must know of the machine and the run.
func (b *bench) head() ([]string, error) {
	wait, err := diskWait(b.dir)
	if err != nil {
		return nil, err
	}
	head := []string{
		fmt.Sprintf("%s, %s/%s, %d CPUs (shared by server and load generator), %s", runtime.Version(), runtime.GOOS, runtime.GOARCH,
			runtime.NumCPU(), time.Now().UTC().Format("2006-01-02 15:04 UTC")),
		fmt.Sprintf("%d pairs of rounds of %v after %v of warming up; starts: the median of %d", b.pairs, b.round, b.warm, b.pairs),
		"µs CPU: the server's processor time for one answer",
		fmt.Sprintf("writing 4 KiB and waiting for the disk takes %.0f µs where the databases lie", wait.Seconds()*1e6),
	}
	if revision, err := exec.Command("git", "describe", "--always", "--dirty").Output(); err == nil {
		head = append(head, "revision "+strings.TrimSpace(string(revision)))
	}
	if loads, err := os.ReadFile("/proc/loadavg"); err == nil {
		head = append(head, "load average of the machine before the run: "+strings.Join(strings.Fields(string(loads))[:3], " "))
	}
	return head, nil
}

// diskWait returns how long a small write takes until the disk has it. On a file system in
// memory that is next to nothing, and figures of durable writes say little.
func diskWait(dir string) (time.Duration, error) {
	file, err := os.Create(filepath.Join(dir, "disk"))
	if err != nil {
		return 0, err
	}
	defer file.Close()
	block := make([]byte, 4<<10)
	rand.Read(block)
	var waits []float64
	for range 101 {
		began := time.Now()
		if _, err := file.Write(block); err != nil {
			return 0, err
		}
		if err := file.Sync(); err != nil {
			return 0, err
		}
		waits = append(waits, float64(time.Since(began)))
	}
	return time.Duration(spreadOf(waits).median), nil
}
