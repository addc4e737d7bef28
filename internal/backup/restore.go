package backup

import (
	"fmt"
	"os"
	"slices"
	"strings"

	"podium/internal/db"
)

// ErrNotEmpty is the error for a database that already holds data.
var ErrNotEmpty = fmt.Errorf("the database is not empty")

// Restore writes a file into the empty tables that tx sees, which must be of the file's version.
// Then it verifies the tables against the file. The caller commits tx.
func Restore(tx *db.Tx, file *os.File, progress func(rows int64)) (Trailer, error) {
	r, err := Open(file)
	if err != nil {
		return Trailer{}, err
	}
	version, err := tx.Version()
	if err != nil {
		return Trailer{}, err
	}
	if r.Header.Version > version {
		return Trailer{}, fmt.Errorf("a newer podium has made the backup: its tables are of version %d, and this podium knows versions up to %d", r.Header.Version, version)
	}
	if version != r.Header.Version {
		return Trailer{}, fmt.Errorf("the backup's tables are of version %d, those of the database of version %d", r.Header.Version, version)
	}
	tables, err := tx.Tables()
	if err != nil {
		return Trailer{}, err
	}
	if err := tx.Alone(tables); err != nil {
		return Trailer{}, err
	}
	// A new database has two rows of its own: the version of the rules by which names were folded,
	// and the place up to which facts were told. The file's rows replace them, so that names of older
	// rules are folded again at the next start, and facts of older versions told.
	for _, table := range []string{"folds", "facts_told"} {
		if err := tx.Exec(`DELETE FROM ` + table); err != nil {
			return Trailer{}, err
		}
	}
	for _, t := range tables {
		n, err := db.Value[int64](tx, `SELECT COUNT(*) FROM (SELECT 1 AS one FROM `+t.Name+` LIMIT 1) AS found`)
		if err != nil {
			return Trailer{}, err
		}
		if n > 0 {
			return Trailer{}, fmt.Errorf("%w: the table %s has rows", ErrNotEmpty, t.Name)
		}
	}
	l := loader{tx: tx, tables: tables, progress: progress}
	if err := r.Each(l.begin, l.row); err != nil {
		return Trailer{}, err
	}
	if err := l.flush(); err != nil {
		return Trailer{}, err
	}
	if err := tx.Continue(r.Trailer.Sequences, l.highest); err != nil {
		return Trailer{}, err
	}
	for _, t := range tables {
		var s sum
		if read, ok := l.seen[t.Name]; ok {
			t.Columns, t.Kinds = read.Columns, read.Kinds // in the file's order
		}
		err := tx.Rows(t, func(row []any) error {
			line, err := encode(t, row)
			s.add(line)
			return err
		})
		if err != nil {
			return Trailer{}, err
		}
		if want := r.Trailer.Tables[t.Name]; s.rows != want.Rows || s.rows > 0 && s.sum() != want {
			return Trailer{}, fmt.Errorf("the table %s is not what the backup holds", t.Name)
		}
	}
	return r.Trailer, nil
}

// loader inserts rows, many at a time.
type loader struct {
	tx       *db.Tx
	tables   []db.Table
	seen     map[string]db.Table
	into     string
	position int // the index of the column with a position; -1: none
	rows     [][]any
	count    int64
	highest  int64 // the highest position so far
	progress func(rows int64)
}

func (l *loader) begin(t db.Table) error {
	if err := l.flush(); err != nil {
		return err
	}
	at := slices.IndexFunc(l.tables, func(own db.Table) bool { return own.Name == t.Name })
	if at < 0 || !sameColumns(l.tables[at], t) {
		return fmt.Errorf("the database has no table %s of these columns", t.Name)
	}
	if l.seen == nil {
		l.seen = make(map[string]db.Table)
	}
	l.seen[t.Name] = t
	l.into = `INSERT INTO ` + t.Name + ` (` + strings.Join(t.Columns, ", ") + `) VALUES`
	l.position = slices.Index(t.Columns, "position")
	return nil
}

func sameColumns(a, b db.Table) bool {
	return len(a.Columns) == len(b.Columns) && !slices.ContainsFunc(b.Columns, func(name string) bool { return !slices.Contains(a.Columns, name) })
}

func (l *loader) row(values []any) error {
	if l.position >= 0 {
		if p, ok := values[l.position].(int64); ok {
			l.highest = max(l.highest, p)
		}
	}
	l.rows = append(l.rows, values)
	l.count++
	if len(l.rows) < 512 {
		return nil
	}
	l.progress(l.count)
	return l.flush()
}

func (l *loader) flush() error {
	err := l.tx.InsertAll(l.into, l.rows, "")
	l.rows = l.rows[:0]
	return err
}
