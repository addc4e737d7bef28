package barriers

import (
	"encoding/binary"

	"podium/internal/wire"
)

// packed is a set of accounts in one or two bytes each for a large group. It stores the lowest id,
// and for each other id the difference to the one before. The zero value is empty.
type packed struct {
	first, last wire.UserID
	steps       []byte // as varints
}

// add adds an account whose id is higher than all before.
func (p *packed) add(id wire.UserID) {
	if p.last == 0 {
		p.first, p.last = id, id
		return
	}
	p.steps = binary.AppendUvarint(p.steps, uint64(id-p.last))
	p.last = id
}

// each calls fn with the accounts in the order of their ids.
func (p packed) each(fn func(wire.UserID)) {
	if p.last == 0 {
		return
	}
	id := p.first
	fn(id)
	for rest := p.steps; len(rest) > 0; {
		step, n := binary.Uvarint(rest)
		rest = rest[n:]
		id += wire.UserID(step)
		fn(id)
	}
}

// size returns the memory that it takes, in bytes.
func (p packed) size() int { return cap(p.steps) + packedSize }

// packedSize is the approximate memory of a packed beside its steps, with its place in a map and a
// list.
const packedSize = 200
