// Package bulk is accounts in files: it reads them from CSV and JSON Lines and makes them, many in
// one transaction, with one verdict a row; and it writes accounts into such files. What an account
// must be like is said by package users. Flags, files and progress bars are not here.
package bulk

import (
	"fmt"
	"slices"
	"strings"

	"podium/internal/auth"
	"podium/internal/pod/users"
)

// Cache is the db.Config.Cache with which an import should open its database: accounts come in at thousands
// of places of the indexes of names.
const Cache = 32 << 20

// Row is one row of a file.
type Row struct {
	Number  int // counts rows of data, from 1
	Line    int // where the row begins in the file, from 1
	Account users.New
	Err     error // why the row cannot be read; nil: Account is there
}

// Source is a file that is read row by row.
type Source interface {
	// Next is the next row, or io.EOF behind the last. Any other error ends the file.
	Next() (Row, error)
}

// Format is how a file is written.
type Format string

// The formats.
const (
	CSV   Format = "csv"   // a header with names, then a row an account; comma, semicolon or tab
	JSONL Format = "jsonl" // an object a line
)

// maxRow is the most bytes that a row may have. An open quote would else swallow the file.
const maxRow = 1 << 20

// wrong is an error of one row that names the column.
func wrong(column, format string, args ...any) error {
	return fmt.Errorf("%s: %s", column, fmt.Sprintf(format, args...))
}

// setRoles takes the ids of roles.
func setRoles(a *users.New, ids []string) {
	a.Roles = nil
	for _, id := range ids {
		a.Roles = append(a.Roles, auth.Role(strings.ToUpper(id)))
	}
}

// setStatus takes ENABLED or DISABLED.
func setStatus(a *users.New, text string) error {
	status := users.Status(strings.ToUpper(text))
	if !slices.Contains([]users.Status{"", users.Enabled, users.Disabled}, status) {
		return wrong("status", "ENABLED or DISABLED is expected")
	}
	a.Disabled = status == users.Disabled
	return nil
}
