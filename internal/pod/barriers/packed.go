package barriers

import (
	"encoding/binary"

	"podium/internal/wire"
)

// packed is users in few bytes, one or two for each of a large group: the lowest id, and for each of the others how much higher it is than the one
// before. The zero value has nobody.
type packed struct {
	first, last wire.UserID
	steps       []byte // as varints
}

// add puts in a user whose id is higher than those of all before.
func (p *packed) add(id wire.UserID) {
	if p.last == 0 {
		p.first, p.last = id, id
		return
	}
	p.steps = binary.AppendUvarint(p.steps, uint64(id-p.last))
	p.last = id
}

// each calls fn with the users, in the order of their ids.
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

// size returns the bytes of memory that it takes.
func (p packed) size() int { return cap(p.steps) + packedSize }

// packedSize is about what one takes beside the steps, with its place in a map and a list.
const packedSize = 200
