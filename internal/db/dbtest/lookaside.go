package dbtest

import (
	"fmt"

	"modernc.org/libc"
	sqlite3 "modernc.org/sqlite/lib"
)

// lookaside is how many pieces of memory each SQLite connection of a test has for itself.
const lookaside = 400

// All other memory of SQLite comes from one place, behind a mutex, and with the race detector a
// mutex takes longer than SQLite's work between two of them. SQLite also locks another mutex to
// count memory, unless told not to.
func init() {
	tls := libc.NewTLS()
	defer tls.Close()
	configure(tls, sqlite3.SQLITE_CONFIG_MEMSTATUS, int32(0))
	configure(tls, sqlite3.SQLITE_CONFIG_LOOKASIDE, int32(1200), int32(lookaside))
}

// configure sets an option of all SQLite connections. It is in time only before the first.
func configure(tls *libc.TLS, option int32, args ...any) {
	list := libc.NewVaList(args...)
	defer libc.Xfree(tls, list)
	if code := sqlite3.Xsqlite3_config(tls, option, list); code != sqlite3.SQLITE_OK {
		panic(fmt.Sprintf("dbtest: SQLite refuses option %d: %d", option, code))
	}
}
