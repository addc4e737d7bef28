package companies

import (
	"fmt"
	"slices"
)

// MixedScripts says what becomes of names whose letters are of several scripts, such as a Latin name with a Cyrillic а: most
// are made to look like another's.
type MixedScripts string

// What may become of them.
const (
	AllowMixed  MixedScripts = "allow"  // nothing
	FlagMixed   MixedScripts = "flag"   // taken, and the audit trail says so
	RefuseMixed MixedScripts = "refuse" // the default
)

// Enum lists the choices.
func (MixedScripts) Enum() []string {
	return []string{string(AllowMixed), string(FlagMixed), string(RefuseMixed)}
}

// UnmarshalText takes a choice, and nothing else.
func (m *MixedScripts) UnmarshalText(text []byte) error {
	if !slices.Contains(m.Enum(), string(text)) {
		return fmt.Errorf("one of %v is expected", m.Enum())
	}
	*m = MixedScripts(text)
	return nil
}
