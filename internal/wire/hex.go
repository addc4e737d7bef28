package wire

import (
	"crypto/rand"
	"encoding/binary"
	"encoding/hex"
)

// NewHexID returns a new id in the form of the published samples of signals, disclaimers and
// barrier groups: 24 hexadecimal digits of the time in seconds and random bytes.
func NewHexID(now Time) string {
	var id [12]byte
	rand.Read(id[4:])
	binary.BigEndian.PutUint32(id[:], uint32(now.Std().Unix()))
	return hex.EncodeToString(id[:])
}
