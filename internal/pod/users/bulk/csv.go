package bulk

import (
	"bufio"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strings"
)

// csvSource reads a CSV file with a header.
type csvSource struct {
	reader  *csv.Reader
	budget  *budget
	columns []column
	number  int
}

// NewCSV reads the header of a CSV text, whose columns are matched by their names. Commas,
// semicolons or tabs may stand between them. A name that is no column is an error, as it would be
// lost silently.
func NewCSV(text io.Reader) (Source, error) {
	b := &budget{reader: text, left: maxRow}
	buffered := bufio.NewReaderSize(b, 64<<10)
	separator, err := separatorOf(buffered)
	if err != nil {
		return nil, err
	}
	s := &csvSource{reader: csv.NewReader(buffered), budget: b}
	s.reader.Comma, s.reader.FieldsPerRecord, s.reader.ReuseRecord = separator, -1, true
	header, err := s.reader.Read()
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

// separatorOf finds out what stands between the columns: what the header has most of.
func separatorOf(text *bufio.Reader) (rune, error) {
	head, err := text.Peek(64 << 10)
	if err != nil && !errors.Is(err, io.EOF) {
		return 0, err
	}
	line, _, _ := strings.Cut(string(head), "\n")
	best := ','
	for _, r := range ";\t" {
		if strings.Count(line, string(r)) > strings.Count(line, string(best)) {
			best = r
		}
	}
	return best, nil
}

func (s *csvSource) Next() (Row, error) {
	s.budget.left = maxRow
	record, err := s.reader.Read()
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
	if len(record) != len(s.columns) {
		row.Err = fmt.Errorf("the row has %d columns, the header %d", len(record), len(s.columns))
		return row, nil
	}
	for i, c := range s.columns {
		if row.Err = c.set(&row.Account, record[i]); row.Err != nil {
			return row, nil
		}
	}
	defaults(&row.Account)
	return row, nil
}

// budget is a reader that gives so much and no more, until it is filled up again.
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
