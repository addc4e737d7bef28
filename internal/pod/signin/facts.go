package signin

import "podium/internal/journal"

// Facts lists the facts of this chapter, of each kind one.
func Facts() []journal.Fact {
	return []journal.Fact{
		LinkMade{}, ProviderChanged{},
	}
}
