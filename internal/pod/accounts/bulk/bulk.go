// Package bulk imports accounts from CSV and JSON Lines files, many in one transaction, with one
// verdict for each row, and exports them into such files. Package accounts checks them. Flags,
// files and progress bars are not here.
package bulk

import (
	"fmt"
	"slices"
	"strings"

	"podium/internal/auth"
	"podium/internal/pod/accounts"
)

// Cache is the db.Config.Cache for an import: accounts are inserted at thousands of places of the
// indexes of names.
const Cache = 32 << 20

// Row is one row of a file.
type Row struct {
	Number  int // counts rows of data, from 1
	Line    int // where the row begins in the file, from 1
	Account accounts.New
	Err     error // why the row cannot be read; nil: Account is valid
}

// Source is a file that is read row by row.
type Source interface {
	// Next returns the next row, or io.EOF after the last. Any other error ends the file.
	Next() (Row, error)
}

// Format is the format of a file.
type Format string

// The formats.
const (
	// a header with names, then a row for each account; comma, semicolon or tab
	CSV   Format = "csv"
	JSONL Format = "jsonl" // an object on each line
)

// maxRow is the most bytes of a row. Otherwise an open quote would swallow the file.
const maxRow = 1 << 20

// wrong returns an error of one row that names the column.
func wrong(column, format string, args ...any) error {
	return fmt.Errorf("%s: %s", column, fmt.Sprintf(format, args...))
}

// setRoles parses the ids of roles.
func setRoles(a *accounts.New, ids []string) {
	a.Roles = nil
	for _, id := range ids {
		a.Roles = append(a.Roles, auth.Role(strings.ToUpper(id)))
	}
}

// setStatus parses ENABLED or DISABLED.
func setStatus(a *accounts.New, text string) error {
	status := accounts.Status(strings.ToUpper(text))
	if !slices.Contains([]accounts.Status{"", accounts.Enabled, accounts.Disabled}, status) {
		return wrong("status", "ENABLED or DISABLED is expected")
	}
	a.Disabled = status == accounts.Disabled
	return nil
}
