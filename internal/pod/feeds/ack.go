package feeds

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"

	"podium/internal/apierr"
)

// AckID acknowledges the events of an answer. It names a range of one feed: of any other feed it
// acknowledges nothing. It is no secret, because only the feed's owner can read the feed.
type AckID string

// ackBytes is the length of an AckID, decoded: 8 bytes of the feed, and the number of the range.
const ackBytes = 16

// ackFor returns the AckID of a range of a feed; 0 is no range.
func ackFor(feed string, number int64) AckID {
	sum := sha256.Sum256([]byte(feed))
	return AckID(base64.RawURLEncoding.EncodeToString(binary.BigEndian.AppendUint64(sum[:8], uint64(number))))
}

// number returns the number of the range of a feed; 0 if it is of another feed, empty, or of no
// range. It fails for a text that is no AckID.
func (a AckID) number(feed string) (int64, error) {
	if a == "" {
		return 0, nil
	}
	raw, err := base64.RawURLEncoding.DecodeString(string(a))
	if err != nil || len(raw) != ackBytes {
		return 0, apierr.Invalid("Invalid ackId")
	}
	n := int64(binary.BigEndian.Uint64(raw[8:]))
	if a != ackFor(feed, n) || n < 0 {
		return 0, nil
	}
	return n, nil
}
