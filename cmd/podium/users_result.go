package main

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"strconv"
	"strings"

	"podium/internal/pod/accounts/bulk"
	"podium/internal/private"
)

// results is the file of verdicts of an import, and how many there are of each.
type results struct {
	name   string
	file   *os.File
	csv    *csv.Writer
	counts map[bulk.Outcome]int
}

// openResults opens the file, and empties it for a dry run, which always begins again.
func openResults(name string, fresh bool, log *slog.Logger) (*results, error) {
	file, err := private.Open(name, log)
	if err != nil {
		return nil, err
	}
	r := &results{name: name, file: file, csv: csv.NewWriter(file), counts: make(map[bulk.Outcome]int)}
	if !fresh {
		return r, nil
	}
	return r, r.resume(0, nil)
}

// resume keeps the verdicts of an earlier run, as far as they are certain, and adds those of its
// last transaction.
func (r *results) resume(rows int, last []bulk.Verdict) error {
	end, err := r.keep(rows - len(last))
	if err != nil {
		return fmt.Errorf("%s: %w", r.name, err)
	}
	if err := r.file.Truncate(end); err != nil {
		return err
	}
	if _, err := r.file.Seek(end, io.SeekStart); err != nil {
		return err
	}
	if end == 0 {
		if err := r.csv.Write([]string{"row", "line", "userName", "outcome", "id", "message"}); err != nil {
			return err
		}
	}
	if rows > 0 {
		fmt.Fprintf(os.Stderr, "%d rows were imported before; continuing behind them\n", rows)
	}
	return r.add(last)
}

// keep finds the place behind so many verdicts; before the header for none.
func (r *results) keep(rows int) (int64, error) {
	if rows <= 0 {
		return 0, nil
	}
	if _, err := r.file.Seek(0, io.SeekStart); err != nil {
		return 0, err
	}
	reader := csv.NewReader(r.file)
	reader.ReuseRecord = true
	for n := range rows + 1 {
		record, err := reader.Read()
		if errors.Is(err, io.EOF) && n == 0 {
			fmt.Fprintf(os.Stderr, "the verdicts on the first %d rows are missing\n", rows)
			return 0, nil
		}
		if err != nil || len(record) != 6 || n > 0 && record[0] != strconv.Itoa(n) {
			return 0, fmt.Errorf("it is not the file of the interrupted import: move it away, or name another --result")
		}
		if n > 0 {
			r.counts[bulk.Outcome(record[3])]++
		}
	}
	return reader.InputOffset(), nil
}

// add writes verdicts down, on the disk when it returns.
func (r *results) add(verdicts []bulk.Verdict) error {
	for _, v := range verdicts {
		id := ""
		if v.ID != 0 {
			id = v.ID.String()
		}
		r.counts[v.Outcome]++
		if err := r.csv.Write([]string{strconv.Itoa(v.Row), strconv.Itoa(v.Line), v.Username, string(v.Outcome), id, v.Message}); err != nil {
			return err
		}
	}
	r.csv.Flush()
	return errors.Join(r.csv.Error(), r.file.Sync())
}

func (r *results) summary() string {
	var parts []string
	for _, o := range []bulk.Outcome{bulk.Created, bulk.Valid, bulk.Exists, bulk.Refused} {
		if n := r.counts[o]; n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, o))
		}
	}
	if len(parts) == 0 {
		return "no rows"
	}
	return strings.Join(parts, ", ")
}

func (r *results) close() { r.file.Close() }
