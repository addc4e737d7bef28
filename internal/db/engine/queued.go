package engine

import (
	"errors"
	"fmt"
)

// Queued is a statement whose result the caller does not read.
type Queued struct {
	SQL     string
	Args    []any
	MustHit bool              // it fails if it changes no row
	Refuse  func(error) error // returns the error of the transaction for the explained error of the statement; may be nil
}

// ErrHitNone is the error of a statement with MustHit that changed no row.
var ErrHitNone = errors.New("it hit no row")

// QueuedError is the failure of a statement that was queued, as opposed to that of the statement it
// was sent with.
type QueuedError struct {
	Cause error
	Of    Queued
}

func (e *QueuedError) Error() string { return "a queued statement: " + e.Cause.Error() }

// Unwrap returns the error of the database.
func (e *QueuedError) Unwrap() error { return e.Cause }

// Settle returns the error as later statements return it: what Refuse makes of the explained error.
// Without Refuse it is never ErrExists: a caller that asks for that means its own statement.
func (e *QueuedError) Settle(explain func(error) error) error {
	explained := explain(e.Cause)
	switch {
	case e.Of.Refuse != nil:
		return e.Of.Refuse(explained)
	case errors.Is(explained, ErrExists) || errors.Is(explained, ErrHitNone):
		cause := e.Cause
		if conflict := (*Conflict)(nil); errors.As(cause, &conflict) {
			cause = conflict.Cause
		}
		return fmt.Errorf("a queued statement: %w: %s", cause, e.Of.SQL)
	}
	return explained
}
