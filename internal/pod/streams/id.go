package streams

import (
	"crypto/rand"
	"encoding/base64"
	"encoding/binary"
	"math"
	"strings"

	"podium/internal/apierr"
	"podium/internal/wire"
)

// ID names a stream: URL-safe base64 without padding of 25 bytes, which are 16 random ones, the time
// of creation counted down from the largest number, and the letter t.
type ID string

// Limits of a stream's id as clients write it, padding included.
func (ID) Limits() wire.Limits { return wire.AtMost(128) }

// MessageID names a message. It is made as an ID is, with the letter m at its end.
type MessageID string

// Limits of a message's id as clients write it, padding included.
func (MessageID) Limits() wire.Limits { return wire.AtMost(128) }

const (
	streamLetter  = 't'
	messageLetter = 'm'
	idBytes       = 25
)

// newID is a new stream's id.
func newID(now wire.Time) ID { return ID(randomID(now, streamLetter)) }

// indexedID is the id of a stream s as streams_by_id has it: with the time first, so that the new ones stand
// together.
const indexedID = `substr(s.id, 23) || substr(s.id, 1, 22)`

// indexed is the id as indexedID writes it.
func (id ID) indexed() string {
	if len(id) < 22 {
		return string(id)
	}
	return string(id[22:] + id[:22])
}

func randomID(now wire.Time, letter byte) string {
	raw := make([]byte, idBytes)
	rand.Read(raw[:16])
	binary.BigEndian.PutUint64(raw[16:24], uint64(math.MaxInt64-int64(now)))
	raw[24] = letter
	return base64.RawURLEncoding.EncodeToString(raw)
}

// readID takes the URL-safe form and the standard one, padded or not, and gives the first.
func readID(text string, letter byte) (string, bool) {
	text = strings.NewReplacer("+", "-", "/", "_").Replace(strings.TrimRight(text, "="))
	raw, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil || len(raw) != idBytes || raw[24] != letter {
		return "", false
	}
	return base64.RawURLEncoding.EncodeToString(raw), true // bits beyond the last byte do not count
}

// UnmarshalText reads an id as a client writes it.
func (id *ID) UnmarshalText(text []byte) error {
	read, ok := readID(string(text), streamLetter)
	if !ok {
		return apierr.Invalid("Invalid stream id")
	}
	*id = ID(read)
	return nil
}

// UnmarshalText reads an id as a client writes it.
func (id *MessageID) UnmarshalText(text []byte) error {
	read, ok := readID(string(text), messageLetter)
	if !ok {
		return apierr.Invalid("Invalid message id")
	}
	*id = MessageID(read)
	return nil
}

// Standard is the id in standard base64 with padding, as some answers write it.
func (id ID) Standard() string { return standard(string(id)) }

// Standard is the id in standard base64 with padding, as some answers write it.
func (id MessageID) Standard() string { return standard(string(id)) }

func standard(id string) string {
	raw, err := base64.RawURLEncoding.DecodeString(id)
	if err != nil {
		return id
	}
	return base64.StdEncoding.EncodeToString(raw)
}
