package streams

import (
	"podium/internal/wire"
)

// indexedID is the id of a stream s as streams_by_id has it: with the time first, so that the new
// ones stand together.
const indexedID = `substr(s.id, 23) || substr(s.id, 1, 22)`

// indexed is the id as indexedID writes it.
func indexed(id wire.StreamID) string {
	if len(id) < 22 {
		return string(id)
	}
	return string(id[22:] + id[:22])
}
