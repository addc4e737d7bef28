package companies

import (
	"fmt"
	"slices"
)

// MixedScripts is what happens to names with letters of several scripts, such as a Latin name with
// a Cyrillic а, which usually imitate another name.
type MixedScripts string

// The choices.
const (
	AllowMixed  MixedScripts = "allow"  // accepted
	FlagMixed   MixedScripts = "flag"   // accepted, and recorded in the audit trail
	RefuseMixed MixedScripts = "refuse" // the default
)

// Enum returns the choices.
func (MixedScripts) Enum() []string {
	return []string{string(AllowMixed), string(FlagMixed), string(RefuseMixed)}
}

// UnmarshalText accepts a choice in its exact spelling.
func (m *MixedScripts) UnmarshalText(text []byte) error {
	if !slices.Contains(m.Enum(), string(text)) {
		return fmt.Errorf("one of %v is expected", m.Enum())
	}
	*m = MixedScripts(text)
	return nil
}
