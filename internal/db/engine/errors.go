package engine

import (
	"errors"
	"fmt"
)

// Errors that callers ask for by errors.Is. Package db documents them.
var (
	ErrNoRow       = errors.New("no row")
	ErrExists      = errors.New("exists already")
	ErrUnavailable = errors.New("the database is not available")
	ErrAgain       = fmt.Errorf("%w: what a transaction locked went on changing", ErrUnavailable)
	ErrTooOld      = fmt.Errorf("%w: this podium is too old for the tables, which a newer one has changed: run that one", ErrUnavailable)
	ErrClosed      = fmt.Errorf("%w: it is closed", ErrUnavailable)
)

// ErrReadOnly is the error for a number or position in a read-only transaction.
var ErrReadOnly = errors.New("a number or a position is asked for in a transaction that only reads")

// Conflict is the error of a statement that broke a unique constraint. It is an ErrExists.
type Conflict struct {
	// Constraint is the name of the unique index, or of the constraint as PostgreSQL names it:
	// table_column_key, or table_pkey. It is the same on both databases.
	Constraint string
	Cause      error
}

func (c *Conflict) Error() string { return ErrExists.Error() + ": " + c.Cause.Error() }

// Unwrap returns ErrExists and the error of the database.
func (c *Conflict) Unwrap() []error { return []error{ErrExists, c.Cause} }
