package sqlite

import (
	"context"
	"fmt"
	"sync"
	"unsafe"

	"modernc.org/libc"
	sqlite3 "modernc.org/sqlite/lib"

	"podium/internal/db/engine"
)

// reader is a connection that only reads, used by one goroutine at a time. It calls SQLite without
// the driver, whose connections lock a mutex for each column of each row and box each value in an
// interface. With the driver a page of 100 accounts takes twice the processor time. Each answer
// equals that of connection, with which tests compare it.
type reader struct {
	tls      *libc.TLS
	db       uintptr
	prepared map[string]*readStmt
	scratch  uintptr // memory of SQLite for texts passed to it
	size     int
	plans    Plans

	mu      sync.Mutex // guards reading against interrupt
	reading bool
}

// readStmt is a prepared statement.
type readStmt struct {
	handle  uintptr
	columns int
}

// openReader opens a connection to an existing database. name is a URI without the driver's own
// parameters.
func openReader(name string, pragmas []string, plans Plans) (*reader, error) {
	c := &reader{tls: libc.NewTLS(), prepared: make(map[string]*readStmt), plans: plans}
	path := c.text(name)
	rc := int32(0)
	c.db = c.made(func(place uintptr) {
		rc = sqlite3.Xsqlite3_open_v2(c.tls, path, place, sqlite3.SQLITE_OPEN_READWRITE|sqlite3.SQLITE_OPEN_NOMUTEX|sqlite3.SQLITE_OPEN_URI, 0)
	})
	if rc != sqlite3.SQLITE_OK {
		err := c.failure(rc)
		c.close()
		return nil, err
	}
	sqlite3.Xsqlite3_extended_result_codes(c.tls, c.db, 1)
	c.keepPlans()
	for _, pragma := range pragmas {
		if _, err := c.exec(context.Background(), `PRAGMA `+pragma, nil); err != nil {
			c.close()
			return nil, err
		}
	}
	return c, nil
}

// keepPlans makes SQLite plan a statement without its arguments. Otherwise it would prepare each
// statement whose LIMIT or pattern is an argument again whenever that is bound.
func (c *reader) keepPlans() {
	list := libc.NewVaList(int32(1), uintptr(0))
	defer libc.Xfree(c.tls, list)
	sqlite3.Xsqlite3_db_config(c.tls, c.db, sqlite3.SQLITE_DBCONFIG_ENABLE_QPSG, list)
}

// made returns the address that make writes to a place.
func (c *reader) made(make func(place uintptr)) uintptr {
	place := libc.Xmalloc(c.tls, libc.Tsize_t(unsafe.Sizeof(uintptr(0))))
	defer libc.Xfree(c.tls, place)
	word := *(**uintptr)(unsafe.Pointer(&place))
	*word = 0
	make(place)
	return *word
}

// memory returns n bytes that are not Go's.
func memory(address uintptr, n int) []byte {
	return unsafe.Slice(*(**byte)(unsafe.Pointer(&address)), n)
}

// text copies a text, with a zero after it, into memory of SQLite that is valid until the next
// text.
func (c *reader) text(s string) uintptr {
	if len(s)+1 > c.size {
		if c.scratch != 0 {
			libc.Xfree(c.tls, c.scratch)
		}
		c.size = max(2*c.size, len(s)+1, 256)
		c.scratch = libc.Xmalloc(c.tls, libc.Tsize_t(c.size))
	}
	to := memory(c.scratch, c.size)
	to[copy(to, s)] = 0
	return c.scratch
}

func (c *reader) stmt(query string, parameters int) (*readStmt, error) {
	if s, ok := c.prepared[query]; ok {
		return s, nil
	}
	s, err := c.prepare(query)
	if err != nil {
		return nil, err
	}
	if c.plans != nil {
		if err := hearPlan(c, c.plans, query, parameters); err != nil {
			return nil, err
		}
	}
	if len(c.prepared) >= maxPrepared {
		for q, old := range c.prepared {
			sqlite3.Xsqlite3_finalize(c.tls, old.handle)
			delete(c.prepared, q)
		}
	}
	c.prepared[query] = s
	return s, nil
}

func (c *reader) prepare(query string) (*readStmt, error) {
	text, rc := c.text(query), int32(0)
	handle := c.made(func(place uintptr) {
		rc = sqlite3.Xsqlite3_prepare_v3(c.tls, c.db, text, int32(len(query)+1), sqlite3.SQLITE_PREPARE_PERSISTENT, place, 0)
	})
	if rc != sqlite3.SQLITE_OK {
		return nil, c.failure(rc)
	}
	return &readStmt{handle: handle, columns: int(sqlite3.Xsqlite3_column_count(c.tls, handle))}, nil
}

// bind binds the arguments of a statement. SQLite copies texts.
func (c *reader) bind(s *readStmt, args []any) error {
	for i, arg := range args {
		value, err := valueOf(arg)
		if err != nil {
			return fmt.Errorf("parameter %d: %w", i+1, err)
		}
		n, rc := int32(i+1), int32(sqlite3.SQLITE_OK)
		switch v := value.(type) {
		case nil:
			rc = sqlite3.Xsqlite3_bind_null(c.tls, s.handle, n)
		case int64:
			rc = sqlite3.Xsqlite3_bind_int64(c.tls, s.handle, n, v)
		case bool:
			number := int64(0)
			if v {
				number = 1
			}
			rc = sqlite3.Xsqlite3_bind_int64(c.tls, s.handle, n, number)
		case float64:
			rc = sqlite3.Xsqlite3_bind_double(c.tls, s.handle, n, v)
		case string:
			rc = sqlite3.Xsqlite3_bind_text(c.tls, s.handle, n, c.text(v), int32(len(v)), sqlite3.SQLITE_TRANSIENT)
		case []byte:
			rc = sqlite3.Xsqlite3_bind_blob(c.tls, s.handle, n, c.text(string(v)), int32(len(v)), sqlite3.SQLITE_TRANSIENT)
		default:
			return fmt.Errorf("parameter %d: a %T is no value of SQLite's", n, value)
		}
		if rc != sqlite3.SQLITE_OK {
			return fmt.Errorf("parameter %d: %w", n, c.failure(rc))
		}
	}
	return nil
}

func (c *reader) exec(ctx context.Context, query string, args []any) (int64, error) {
	r, err := c.query(ctx, query, args)
	if err != nil {
		return 0, err
	}
	defer r.Close()
	for r.Next() {
	}
	return 0, r.Err()
}

func (c *reader) query(ctx context.Context, query string, args []any) (engine.Rows, error) {
	s, err := c.stmt(query, len(args))
	if err != nil {
		return nil, err
	}
	r := &readRows{c: c, s: s, ctx: ctx}
	if err := c.bind(s, args); err != nil {
		r.Close()
		return nil, err
	}
	return r, nil
}

// watch makes SQLite interrupt its work when ctx ends, until stop is called.
func (c *reader) watch(ctx context.Context) (stop func()) {
	if ctx.Done() == nil {
		return func() {}
	}
	c.set(true)
	forget := context.AfterFunc(ctx, func() {
		c.mu.Lock()
		defer c.mu.Unlock()
		if c.reading {
			sqlite3.Xsqlite3_interrupt(c.tls, c.db)
		}
	})
	return func() {
		forget()
		c.set(false)
	}
}

func (c *reader) set(reading bool) {
	c.mu.Lock()
	c.reading = reading
	c.mu.Unlock()
}

func (c *reader) close() {
	for _, s := range c.prepared {
		sqlite3.Xsqlite3_finalize(c.tls, s.handle)
	}
	sqlite3.Xsqlite3_close_v2(c.tls, c.db)
	if c.scratch != 0 {
		libc.Xfree(c.tls, c.scratch)
	}
	c.tls.Close()
}

// codedError is an error of SQLite, as *sqlite.Error is for the driver.
type codedError struct {
	code int
	text string
}

func (f *codedError) Error() string { return fmt.Sprintf("%s (%d)", f.text, f.code) }

// Code returns SQLite's extended result code.
func (f *codedError) Code() int { return f.code }

func (c *reader) failure(rc int32) error {
	text := "SQLite cannot open the database"
	if c.db != 0 {
		text = libc.GoString(sqlite3.Xsqlite3_errmsg(c.tls, c.db))
	}
	return &codedError{code: int(rc), text: text}
}
