package bulk

import "time"

const (
	minRows = 500   // in a transaction
	maxRows = 10000 // in a transaction: the more, the less each costs

	// longest is about how long a transaction may take: other writers to a SQLite database wait for
	// it.
	longest = 500 * time.Millisecond

	// breath is the pause after a transaction in which other processes may write.
	breath = 5 * time.Millisecond
)

// pace computes how many rows the next transaction should have.
type pace struct{ rows int }

func newPace() *pace { return &pace{rows: minRows} }

// took records how long the last transaction took.
func (p *pace) took(d time.Duration) {
	fits := 2 * p.rows
	if d > longest/2 {
		fits = int(float64(p.rows) * float64(longest) / float64(d))
	}
	p.rows = min(max(fits, minRows), maxRows)
}
