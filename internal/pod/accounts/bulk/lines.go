package bulk

import (
	"bufio"
	"io"
)

// lines is a text whose lines end with a line feed. Spreadsheets end lines with a carriage return
// and a line feed, or with a carriage return alone.
type lines struct{ reader *bufio.Reader }

func newLines(reader io.Reader) *lines { return &lines{bufio.NewReaderSize(reader, 64<<10)} }

// Read returns a line feed for each end of a line.
func (l *lines) Read(p []byte) (int, error) {
	for n := range p {
		c, err := l.reader.ReadByte()
		if err != nil {
			return n, err
		}
		if c == '\r' {
			if next, err := l.reader.Peek(1); err == nil && next[0] == '\n' {
				_, _ = l.reader.Discard(1) // it was just peeked
			}
			c = '\n'
		}
		p[n] = c
		if c == '\n' && l.reader.Buffered() == 0 {
			return n + 1, nil
		}
	}
	return len(p), nil
}
