package seal

import "podium/internal/journal"

// Facts returns one fact of each kind of this package.
func Facts() []journal.Fact {
	return []journal.Fact{
		LogRepaired{},
	}
}
