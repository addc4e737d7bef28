// Package seal links the facts of a company in a chain of hashes, so that changing, removing,
// inserting or moving one later is detected. The sealer follows the log and gives each fact a seal:
// a number and a hash of the previous hash, that number and the whole row. Writers of facts are not
// involved and do not wait. Each batch of seals ends with a checkpoint signed with the company's
// key. Verify walks the chain; Export writes it out.
//
// Not inside: the meaning of facts. No seal protects against a holder of the company's key who may
// write to the database: keep checkpoints elsewhere for that.
package seal

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"math"

	"podium/internal/journal"
)

// Hash is a link of the chain. The zero Hash precedes the first.
type Hash [sha256.Size]byte

// String returns the hash as base64url without padding.
func (h Hash) String() string { return base64.RawURLEncoding.EncodeToString(h[:]) }

// UnmarshalText parses what String returns, and nothing else.
func (h *Hash) UnmarshalText(text []byte) error {
	data, err := base64.RawURLEncoding.Strict().DecodeString(string(text))
	if err != nil || len(data) != len(h) || base64.RawURLEncoding.EncodeToString(data) != string(text) {
		return errors.New("a hash is 43 characters of base64url")
	}
	copy(h[:], data)
	return nil
}

// MarshalText returns what UnmarshalText parses.
func (h Hash) MarshalText() ([]byte, error) { return []byte(h.String()), nil }

// Seal is the seal of one fact.
type Seal struct {
	Number int64 // 1, 2, 3 …
	journal.Cursor
	Hash Hash
}

// format names what a hash covers: the columns of journal.Columns.
const format = "podium seal 1\n"

// linker computes hashes in a buffer of its own.
type linker struct{ buffer []byte }

// link returns the hash of a fact: SHA-256 of the format, the previous hash, the number, and every
// column with its type and, for texts, its length.
func (l *linker) link(before Hash, number int64, fact journal.Raw) Hash {
	b := append(l.buffer[:0], format...)
	b = append(b, before[:]...)
	b = binary.BigEndian.AppendUint64(b, uint64(number))
	for _, value := range fact.Values {
		b = appendValue(b, value)
	}
	l.buffer = b
	return sha256.Sum256(b)
}

// appendValue appends an encoding that no other value has.
func appendValue(b []byte, value any) []byte {
	switch v := value.(type) {
	case int64:
		return binary.BigEndian.AppendUint64(append(b, 'i'), uint64(v))
	case string:
		return append(binary.BigEndian.AppendUint64(append(b, 's'), uint64(len(v))), v...)
	case []byte:
		return append(binary.BigEndian.AppendUint64(append(b, 'b'), uint64(len(v))), v...)
	case float64:
		return binary.BigEndian.AppendUint64(append(b, 'f'), math.Float64bits(v))
	}
	text := fmt.Sprintf("%T %v", value, value)
	return append(binary.BigEndian.AppendUint64(append(b, '?'), uint64(len(text))), text...)
}
