package wire

import "time"

// Time is a moment in milliseconds since 1970-01-01 UTC, the unit of every
// time in the published API (but for the claims of JSON Web Tokens: seconds) and
// in the database.
type Time int64

// TimeOf returns t, truncated to milliseconds.
func TimeOf(t time.Time) Time { return Time(t.UnixMilli()) }

// Std returns the moment as a time.Time in UTC.
func (t Time) Std() time.Time { return time.UnixMilli(int64(t)).UTC() }

// Add returns the moment d later.
func (t Time) Add(d time.Duration) Time { return t + Time(d.Milliseconds()) }
