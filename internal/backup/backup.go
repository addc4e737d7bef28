// Package backup writes all data of a pod into one file, and such a file into an empty database of
// either kind.
//
// The file is JSON Lines compressed by gzip, and behind it one line of text: the SHA-256 of all
// before it. The first JSON line is the Header. Then follow the tables: a line that names the
// table, and a line for each row. The last JSON line is the Trailer. Everything is read in one
// transaction, which sees one state.
//
// Not inside: where the file is kept and who may read it. It contains keys.
package backup

import (
	"bufio"
	"compress/gzip"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"
	"unicode/utf8"

	"podium/internal/db"
)

// Format is the version of the file format.
const Format = 1

// Header is the first line.
type Header struct {
	Podium  string    `json:"podium"` // always "backup"
	Format  int       `json:"format"`
	Version int64     `json:"version"` // of the tables
	Made    time.Time `json:"made"`
}

// Trailer is the last line. It holds the checksums of all rows before it.
type Trailer struct {
	Tables    map[string]Sum   `json:"tables"`
	Sequences map[string]int64 `json:"sequences"`
}

// Sum is the number of rows of a table and a checksum of them, independent of their order.
type Sum struct {
	Rows   int64  `json:"rows"`
	SHA256 string `json:"sha256"` // the exclusive or of the hashes of all rows
}

type sum struct {
	rows int64
	all  [sha256.Size]byte
}

func (s *sum) add(line []byte) {
	s.rows++
	for i, b := range sha256.Sum256(line) {
		s.all[i] ^= b
	}
}

func (s *sum) sum() Sum { return Sum{s.rows, hex.EncodeToString(s.all[:])} }

// table is the line before a table's rows.
type table struct {
	Table   string   `json:"table"`
	Columns []string `json:"columns"`
	Kinds   []string `json:"kinds"`
}

const endMark = "\nPODIUM BACKUP ENDS "

// Write writes the state that tx sees. It calls progress with the number of rows written so far,
// and of all rows.
func Write(tx *db.Tx, out io.Writer, now time.Time, progress func(rows, all int64)) (Trailer, error) {
	trailer := Trailer{Tables: make(map[string]Sum)}
	digest := sha256.New()
	zip, _ := gzip.NewWriterLevel(io.MultiWriter(out, digest), gzip.BestSpeed)
	w := bufio.NewWriterSize(zip, 1<<16)
	put := func(v any) error {
		line, err := json.Marshal(v)
		if err == nil {
			_, err = w.Write(append(line, '\n'))
		}
		return err
	}
	version, err := tx.Version()
	if err != nil {
		return trailer, err
	}
	if err := put(Header{"backup", Format, version, now.UTC()}); err != nil {
		return trailer, err
	}
	tables, err := tx.Tables()
	if err != nil {
		return trailer, err
	}
	rows, all := int64(0), int64(0)
	for _, t := range tables {
		n, err := db.Value[int64](tx, `SELECT COUNT(*) FROM `+t.Name)
		if err != nil {
			return trailer, err
		}
		all += n
	}
	for _, t := range tables {
		if err := put(table{t.Name, t.Columns, t.Kinds}); err != nil {
			return trailer, err
		}
		var s sum
		err := tx.Rows(t, func(row []any) error {
			line, err := encode(t, row)
			if err != nil {
				return fmt.Errorf("table %s: %w", t.Name, err)
			}
			s.add(line)
			rows++
			if rows%10_000 == 0 {
				progress(rows, all)
			}
			_, err = w.Write(append(line, '\n'))
			return err
		})
		if err != nil {
			return trailer, err
		}
		trailer.Tables[t.Name] = s.sum()
	}
	// Sequences do not follow the transaction. Read last, they are beyond all rows that it sees.
	if trailer.Sequences, err = tx.Sequences(); err != nil {
		return trailer, err
	}
	if err := errors.Join(put(trailer), w.Flush(), zip.Close()); err != nil {
		return trailer, err
	}
	_, err = io.WriteString(out, endMark+hex.EncodeToString(digest.Sum(nil))+"\n")
	return trailer, err
}

// encode returns a row as JSON. The same row gives the same text on both databases.
func encode(t db.Table, row []any) ([]byte, error) {
	for i, value := range row {
		switch v := value.(type) {
		case nil:
		case string:
			if !utf8.ValidString(v) {
				return nil, fmt.Errorf("column %s holds a text that is not UTF-8", t.Columns[i])
			}
		case []byte:
			row[i] = base64.StdEncoding.EncodeToString(v)
		case int64, bool:
		default:
			return nil, fmt.Errorf("column %s holds a %T", t.Columns[i], value)
		}
	}
	return json.Marshal(row)
}

// Reader reads a backup file.
type Reader struct {
	Header  Header
	Trailer Trailer

	lines *bufio.Reader
	zip   *gzip.Reader
}

// ErrBroken is the error for a file that is not a complete backup.
var ErrBroken = errors.New("it is no whole backup: it was broken off, or altered")

// Open verifies the whole file and returns a Reader from its beginning. The error is ErrBroken if
// the file is incomplete or altered.
func Open(file *os.File) (*Reader, error) {
	size, err := whole(file)
	if err != nil {
		return nil, err
	}
	if _, err := file.Seek(0, io.SeekStart); err != nil {
		return nil, err
	}
	zip, err := gzip.NewReader(bufio.NewReader(io.LimitReader(file, size)))
	if err != nil {
		return nil, ErrBroken
	}
	r := &Reader{zip: zip, lines: bufio.NewReaderSize(zip, 1<<16)}
	line, err := r.lines.ReadBytes('\n')
	if err != nil || json.Unmarshal(line, &r.Header) != nil || r.Header.Podium != "backup" {
		return nil, ErrBroken
	}
	if r.Header.Format > Format {
		return nil, fmt.Errorf("a newer podium has made it (format %d)", r.Header.Format)
	}
	return r, nil
}

// whole verifies the last line against everything before it, and returns the size of the part
// before it.
func whole(file *os.File) (int64, error) {
	info, err := file.Stat()
	if err != nil {
		return 0, err
	}
	end := make([]byte, len(endMark)+2*sha256.Size+1)
	size := info.Size() - int64(len(end))
	if size <= 0 {
		return 0, ErrBroken
	}
	if _, err := file.ReadAt(end, size); err != nil {
		return 0, err
	}
	digest := sha256.New()
	if _, err := io.Copy(digest, io.NewSectionReader(file, 0, size)); err != nil {
		return 0, err
	}
	if string(end) != endMark+hex.EncodeToString(digest.Sum(nil))+"\n" {
		return 0, ErrBroken
	}
	return size, nil
}

// Each calls begin for each table and row for each of its rows, and verifies all against the
// trailer.
func (r *Reader) Each(begin func(t db.Table) error, row func(values []any) error) error {
	sums := make(map[string]*sum)
	var current *sum
	var t db.Table
	for {
		line, err := r.lines.ReadBytes('\n')
		if err != nil {
			return ErrBroken
		}
		line = line[:len(line)-1]
		if line[0] == '[' && current != nil {
			current.add(line)
			values, err := decode(t, line)
			if err == nil {
				err = row(values)
			}
			if err != nil {
				return fmt.Errorf("table %s: %w", t.Name, err)
			}
			continue
		}
		var next struct {
			table
			Trailer
		}
		if json.Unmarshal(line, &next) != nil {
			return ErrBroken
		}
		if next.Table == "" {
			r.Trailer = next.Trailer
			break
		}
		t = db.Table{Name: next.Table, Columns: next.Columns, Kinds: next.Kinds}
		current = new(sum)
		sums[t.Name] = current
		if err := begin(t); err != nil {
			return err
		}
	}
	if len(sums) != len(r.Trailer.Tables) {
		return ErrBroken
	}
	for name, s := range sums {
		if s.sum() != r.Trailer.Tables[name] {
			return ErrBroken
		}
	}
	return nil
}

func decode(t db.Table, line []byte) ([]any, error) {
	decoder := json.NewDecoder(strings.NewReader(string(line)))
	decoder.UseNumber()
	var values []any
	if err := decoder.Decode(&values); err != nil || len(values) != len(t.Columns) {
		return nil, ErrBroken
	}
	for i, kind := range t.Kinds {
		switch v := values[i].(type) {
		case json.Number:
			n, err := v.Int64()
			if err != nil || kind != "int" {
				return nil, ErrBroken
			}
			values[i] = n
		case string:
			if kind == "bytes" {
				data, err := base64.StdEncoding.DecodeString(v)
				if err != nil {
					return nil, ErrBroken
				}
				values[i] = data
			}
		}
	}
	return values, nil
}
