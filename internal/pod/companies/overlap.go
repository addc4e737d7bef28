package companies

import (
	"time"

	"podium/internal/wire"
)

// MaxKeyExtension is how long an RSA key may be valid after it was replaced, however often it is
// extended. If a company's overlap is longer, a replaced key is valid for the overlap and cannot be
// extended.
const MaxKeyExtension = 90 * 24 * time.Hour

// MayExtend reports whether a key that was replaced at one time may be valid until another.
func MayExtend(replaced, until wire.Time) bool { return until <= replaced.Add(MaxKeyExtension) }
