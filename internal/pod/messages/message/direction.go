package message

import (
	"strings"

	"podium/internal/apierr"
)

// Direction is the order of an answer by time.
type Direction string

// The published directions.
const (
	Ascending  Direction = "ASC"
	Descending Direction = "DESC"
)

// Enum returns the published values.
func (Direction) Enum() []string { return []string{string(Ascending), string(Descending)} }

// UnmarshalText accepts a direction in any case.
func (d *Direction) UnmarshalText(text []byte) error {
	*d = Direction(strings.ToUpper(string(text)))
	if *d != Ascending && *d != Descending {
		return apierr.Invalid("Invalid value for sortDir: ASC or DESC is expected")
	}
	return nil
}

// OldestFirst reports whether the oldest come first.
func (d Direction) OldestFirst() bool { return d == Ascending }
