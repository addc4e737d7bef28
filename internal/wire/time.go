package wire

import "time"

// Time is a moment in milliseconds since 1970-01-01 UTC, the unit of every
// time in the published API (but for the claims of JSON Web Tokens: seconds) and
// in the database.
type Time int64

// TimeOf is a moment, cut to milliseconds.
func TimeOf(t time.Time) Time { return Time(t.UnixMilli()) }

// Std is the moment as the standard library has it, in UTC.
func (t Time) Std() time.Time { return time.UnixMilli(int64(t)).UTC() }

// Add is the moment d later.
func (t Time) Add(d time.Duration) Time { return t + Time(d.Milliseconds()) }
