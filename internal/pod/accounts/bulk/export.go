package bulk

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"podium/internal/auth"
	"podium/internal/db"
	"podium/internal/pod/accounts"
	"podium/internal/wire"
)

// Writer writes accounts into a file. Close must be called at the end.
type Writer interface {
	Write(Account) error
	Close() error
}

// NewWriter begins a file in a format. An import can read it.
func NewWriter(w io.Writer, f Format) (Writer, error) {
	switch f {
	case CSV:
		c := &csvWriter{csv: csv.NewWriter(w)}
		return c, c.csv.Write(columnNames())
	case JSONL:
		return &jsonWriter{w}, nil
	}
	return nil, fmt.Errorf("the format is %s or %s", CSV, JSONL)
}

// Export writes all accounts of a company, in the order of their ids.
func Export(ctx context.Context, d *db.DB, company wire.CompanyID, w io.Writer, f Format) error {
	writer, err := NewWriter(w, f)
	if err != nil {
		return err
	}
	for last := wire.UserID(0); ; {
		page, err := db.Read(ctx, d, func(tx *db.Tx) ([]Account, error) {
			return Page(tx, company, last, chunk)
		})
		if err != nil {
			return err
		}
		if len(page) == 0 {
			return writer.Close()
		}
		for _, a := range page {
			if err := writer.Write(a); err != nil {
				return err
			}
		}
		last = page[len(page)-1].ID
	}
}

type csvWriter struct{ csv *csv.Writer }

func (w *csvWriter) Write(a Account) error {
	row := make([]string, len(columns))
	n := accounts.New{Attributes: a.Attributes}
	for i, c := range columns {
		switch {
		case c.text != nil:
			row[i] = *c.text(&n)
		case c.list != nil:
			row[i] = strings.Join(*c.list(&n), ";")
		default:
			row[i] = c.show(a)
		}
	}
	return w.csv.Write(row)
}

func (w *csvWriter) Close() error {
	w.csv.Flush()
	return w.csv.Error()
}

type jsonWriter struct{ w io.Writer }

func (w *jsonWriter) Write(a Account) error {
	n := accounts.New{Attributes: a.Attributes}
	var line strings.Builder
	for _, c := range columns {
		var value any
		switch {
		case c.name == "roles":
			value = a.Roles
		case c.text != nil:
			value = *c.text(&n)
		case c.list != nil:
			value = *c.list(&n)
		default:
			value = c.show(a)
		}
		text, err := json.Marshal(value)
		if err != nil {
			return err
		}
		if s := string(text); s == `""` || s == "null" || s == "[]" {
			continue // empty
		}
		fmt.Fprintf(&line, ",%q:%s", c.name, text)
	}
	_, err := fmt.Fprintf(w.w, "{%s}\n", strings.TrimPrefix(line.String(), ","))
	return err
}

func (w *jsonWriter) Close() error { return nil }

func joinRoles(roles []auth.Role) string {
	words := make([]string, len(roles))
	for i, r := range roles {
		words[i] = string(r)
	}
	return strings.Join(words, ";")
}

func timeOrNothing(t wire.Time) string {
	if t == 0 {
		return ""
	}
	return fmt.Sprint(int64(t))
}
