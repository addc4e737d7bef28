package companies

import (
	"time"

	"podium/internal/wire"
)

// MaxKeyExtension is how long after it was replaced an RSA key may be valid at most, however often it is extended. Where a
// company's overlap is longer, a replaced key is valid for that, and cannot be extended.
const MaxKeyExtension = 90 * 24 * time.Hour

// MayExtend reports whether a key that was replaced at a moment may be valid until another.
func MayExtend(replaced, until wire.Time) bool { return until <= replaced.Add(MaxKeyExtension) }
