package wire

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"math"
	"strings"

	"podium/internal/apierr"
)

// StreamID names a stream: URL-safe base64 without padding of 25 bytes. These are 16 random bytes,
// the time of creation subtracted from the largest number, and the letter t.
type StreamID string

// Limits returns the limits of a stream's id, padding included.
func (StreamID) Limits() Limits { return AtMost(128) }

// MessageID names a message. It has the form of an StreamID, with the letter m at its end.
type MessageID string

// Limits returns the limits of a message's id, padding included.
func (MessageID) Limits() Limits { return AtMost(128) }

const (
	streamLetter  = 't'
	messageLetter = 'm'
	eventLetter   = 'o'
	idBytes       = 25
)

// NewStreamID returns a new stream's id.
func NewStreamID(now Time) StreamID { return StreamID(randomID(now, streamLetter)) }

// NewMessageID returns a new message's id.
func NewMessageID(now Time) MessageID { return MessageID(randomID(now, messageLetter)) }

func randomID(now Time, letter byte) string {
	random := make([]byte, 16)
	rand.Read(random)
	return idOf(random, now, letter)
}

// idOf returns the id of 16 bytes, a time and a letter.
func idOf(unique []byte, now Time, letter byte) string {
	raw := make([]byte, idBytes)
	copy(raw, unique)
	binary.BigEndian.PutUint64(raw[16:24], uint64(math.MaxInt64-int64(now)))
	raw[24] = letter
	return base64.RawURLEncoding.EncodeToString(raw)
}

// readID accepts the URL-safe form and the standard form, padded or not, and returns the first.
func readID(text string, letter byte) (string, bool) {
	text = strings.NewReplacer("+", "-", "/", "_").Replace(strings.TrimRight(text, "="))
	raw, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil || len(raw) != idBytes || raw[24] != letter {
		return "", false
	}
	return base64.RawURLEncoding.EncodeToString(raw), true // bits beyond the last byte are ignored
}

// UnmarshalText parses an id of a client.
func (id *StreamID) UnmarshalText(text []byte) error {
	read, ok := readID(string(text), streamLetter)
	if !ok {
		return apierr.Invalid("Invalid stream id")
	}
	*id = StreamID(read)
	return nil
}

// UnmarshalText parses an id of a client.
func (id *MessageID) UnmarshalText(text []byte) error {
	read, ok := readID(string(text), messageLetter)
	if !ok {
		return apierr.Invalid("Invalid message id")
	}
	*id = MessageID(read)
	return nil
}

// Standard returns the id in standard base64 with padding, as some answers have it.
func (id StreamID) Standard() string { return standard(string(id)) }

// Standard returns the id in standard base64 with padding, as some answers have it.
func (id MessageID) Standard() string { return standard(string(id)) }

func standard(id string) string {
	raw, err := base64.RawURLEncoding.DecodeString(id)
	if err != nil {
		return id
	}
	return base64.StdEncoding.EncodeToString(raw)
}

// Time returns the time that a valid id contains.
func (id MessageID) Time() Time {
	raw, err := base64.RawURLEncoding.DecodeString(string(id))
	if err != nil || len(raw) != idBytes {
		return 0
	}
	return Time(math.MaxInt64 - int64(binary.BigEndian.Uint64(raw[16:24])))
}

// EventID returns the id of the record of an event that is no message: the same for the same seed
// and time. It has the letter o at its end.
func EventID(at Time, seed []byte) MessageID {
	sum := sha256.Sum256(seed)
	return MessageID(idOf(sum[:16], at, eventLetter))
}
