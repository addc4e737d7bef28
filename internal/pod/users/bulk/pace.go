package bulk

import "time"

const (
	minRows = 500   // of a transaction
	maxRows = 10000 // of one: the more, the less each costs

	// longest is about how long a transaction may take: others who write to a SQLite database wait for it.
	longest = 500 * time.Millisecond

	// breath is the moment after a transaction in which those others, of a process of their own, come in.
	breath = 5 * time.Millisecond
)

// pace tells how many rows the next transaction should carry.
type pace struct{ rows int }

func newPace() *pace { return &pace{rows: minRows} }

// took says how long the last transaction took.
func (p *pace) took(d time.Duration) {
	fits := 2 * p.rows
	if d > longest/2 {
		fits = int(float64(p.rows) * float64(longest) / float64(d))
	}
	p.rows = min(max(fits, minRows), maxRows)
}
