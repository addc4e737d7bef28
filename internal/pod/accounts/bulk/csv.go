package bulk

import (
	"bufio"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
)

// csvSource reads a CSV file with a header.
type csvSource struct {
	reader  *csv.Reader
	budget  *budget
	columns []column
	number  int
}

// NewCSV parses the header of a CSV text, whose columns are matched by their names. The separator
// is a comma, semicolon or tab. It fails for an unknown column, whose values would be lost.
func NewCSV(text io.Reader) (Source, error) {
	b := &budget{reader: newLines(text), left: maxRow}
	buffered := bufio.NewReaderSize(b, 64<<10)
	separator, err := separatorOf(buffered)
	if err != nil {
		return nil, err
	}
	s := &csvSource{reader: csv.NewReader(buffered), budget: b}
	s.reader.Comma, s.reader.FieldsPerRecord, s.reader.ReuseRecord = separator, -1, true
	header, err := s.reader.Read()
	for err == nil && empty(header) { // rows of separators before the header
		header, err = s.reader.Read()
	}
	if errors.Is(err, io.EOF) {
		return nil, errors.New("the file is empty: its first line should name the columns")
	}
	if err != nil {
		return nil, fmt.Errorf("the header: %w", err)
	}
	seen := make(map[string]bool)
	for _, name := range header {
		c, ok := columnNamed(name)
		switch {
		case strings.TrimSpace(name) == "":
			// of a spreadsheet that once had more columns
			s.columns = append(s.columns, column{ignored: true})
			continue
		case !ok:
			return nil, fmt.Errorf("the header: there is no column %q; the columns are %s", name, strings.Join(columnNames(), ", "))
		case seen[c.name]:
			return nil, fmt.Errorf("the header: %q names the column %s a second time", name, c.name)
		}
		seen[c.name] = true
		s.columns = append(s.columns, c)
	}
	for _, name := range []string{"userName", "emailAddress"} {
		if !seen[name] {
			return nil, fmt.Errorf("the header: the column %s is missing", name)
		}
	}
	return s, nil
}

func columnNames() []string {
	names := make([]string, len(columns))
	for i, c := range columns {
		names[i] = c.name
	}
	return names
}

// empty reports whether all columns of a row are empty.
func empty(record []string) bool {
	return !slices.ContainsFunc(record, func(cell string) bool { return strings.TrimSpace(cell) != "" })
}

// separatorOf returns the separator of the columns: the one that the first line names, as
// spreadsheets write it (sep=;), or the most frequent one in the header outside quotes. It skips
// that line, and empty lines.
func separatorOf(text *bufio.Reader) (rune, error) {
	for {
		head, err := text.Peek(64 << 10)
		if err != nil && !errors.Is(err, io.EOF) {
			return 0, err
		}
		line, _, more := strings.Cut(string(head), "\n")
		trimmed := strings.TrimRight(line, "\r")
		if trimmed == "" && more {
			if _, err := text.Discard(len(line) + 1); err != nil {
				return 0, err
			}
			continue
		}
		if said, ok := said(trimmed); ok {
			_, err := text.Discard(min(len(line)+1, len(head)))
			return said, err
		}
		return mostOf(trimmed), nil
	}
}

// said returns the separator that a line such as sep=; names. It may be in quotes.
func said(line string) (rune, bool) {
	line = strings.TrimPrefix(strings.TrimSpace(line)+line[len(strings.TrimRight(line, "\t")):], `"`)
	if len(line) < 5 || !strings.EqualFold(line[:4], "sep=") || !strings.ContainsRune(",;\t|", rune(line[4])) {
		return 0, false
	}
	return rune(line[4]), true
}

func mostOf(line string) rune {
	count := map[rune]int{}
	quoted := false
	for _, r := range line {
		if r == '"' {
			quoted = !quoted
		}
		if !quoted {
			count[r]++
		}
	}
	best := ','
	for _, r := range ";\t|" {
		if count[r] > count[best] {
			best = r
		}
	}
	return best
}

func (s *csvSource) Next() (Row, error) {
	s.budget.left = maxRow
	record, err := s.reader.Read()
	for err == nil && empty(record) {
		s.budget.left = maxRow
		record, err = s.reader.Read()
	}
	if errors.Is(err, io.EOF) {
		return Row{}, io.EOF
	}
	s.number++
	row := Row{Number: s.number}
	var malformed *csv.ParseError
	switch {
	case errors.As(err, &malformed):
		row.Line, row.Err = malformed.StartLine, fmt.Errorf("the row cannot be read: %w", malformed.Err)
		return row, nil
	case err != nil:
		return Row{}, fmt.Errorf("row %d: %w", s.number, err)
	}
	row.Line, _ = s.reader.FieldPos(0)
	for len(record) > len(s.columns) && strings.TrimSpace(record[len(record)-1]) == "" {
		record = record[:len(record)-1]
	}
	if len(record) != len(s.columns) {
		row.Err = fmt.Errorf("the row has %d columns, the header %d", len(record), len(s.columns))
		return row, nil
	}
	for i, c := range s.columns {
		if c.name == "" && strings.TrimSpace(record[i]) != "" {
			row.Err = fmt.Errorf("column %d has content and no name", i+1)
			return row, nil
		}
		if row.Err = c.set(&row.Account, record[i]); row.Err != nil {
			return row, nil
		}
	}
	defaults(&row.Account)
	return row, nil
}

// budget is a reader that returns a limited number of bytes until it is refilled.
type budget struct {
	reader io.Reader
	left   int
}

var errLongRow = fmt.Errorf("a row has more than %d bytes; is a quote left open?", maxRow)

func (b *budget) Read(p []byte) (int, error) {
	if b.left <= 0 {
		return 0, errLongRow
	}
	n, err := b.reader.Read(p)
	b.left -= n
	return n, err
}
