// Package seal is the chain that the facts of a company are sealed into, so that nobody can change,
// remove, insert or move one later without its showing. The sealer follows the log and gives each fact
// a seal: a number and a hash over the hash before, that number and the whole row. Whoever writes facts
// knows nothing of it and waits for nothing. At the end of each batch of seals stands a checkpoint, which
// the company's key has signed. Verify walks the chain; Export writes it out.
//
// Not inside: what a fact means. And no seal protects from whoever holds the company's key and may write
// to the database: against that one keeps checkpoints elsewhere.
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

// Hash is a link of the chain. The zero Hash stands before the first.
type Hash [sha256.Size]byte

// String is the hash as base64url, without padding.
func (h Hash) String() string { return base64.RawURLEncoding.EncodeToString(h[:]) }

// UnmarshalText reads what String writes, and nothing else.
func (h *Hash) UnmarshalText(text []byte) error {
	data, err := base64.RawURLEncoding.Strict().DecodeString(string(text))
	if err != nil || len(data) != len(h) || base64.RawURLEncoding.EncodeToString(data) != string(text) {
		return errors.New("a hash is 43 characters of base64url")
	}
	copy(h[:], data)
	return nil
}

// MarshalText writes what UnmarshalText reads.
func (h Hash) MarshalText() ([]byte, error) { return []byte(h.String()), nil }

// Seal is the seal of one fact.
type Seal struct {
	Number int64 // 1, 2, 3 …
	journal.Cursor
	Hash Hash
}

// format names what a hash covers: the columns of journal.Columns.
const format = "podium seal 1\n"

// linker makes hashes, in a buffer of its own.
type linker struct{ buffer []byte }

// link is the hash of a fact: SHA-256 over the format, the hash before, the number, and every column
// with its type and, for texts, its length.
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

// appendValue writes a value as no other value is written.
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
