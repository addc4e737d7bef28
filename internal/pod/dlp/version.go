package dlp

import (
	"crypto/rand"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"

	"podium/internal/wire"
)

// Version is the version of a policy or dictionary: 1001 is 1.1. 0 means the newest one.
type Version int64

// The first versions.
const (
	firstVersion   Version = 1000
	firstVersionV3 Version = 3000
	lastVersion    Version = 999_999
)

// next returns the version that follows. As published, 1.999 is followed by 2.0.
func (v Version) next() Version { return min(v+1, lastVersion) }

// String returns the version as the API has it.
func (v Version) String() string { return fmt.Sprintf("%d.%d", v/1000, v%1000) }

// MarshalText writes the version as the API has it.
func (v Version) MarshalText() ([]byte, error) { return []byte(v.String()), nil }

// UnmarshalText parses what MarshalText wrote.
func (v *Version) UnmarshalText(text []byte) error {
	*v = readVersion(string(text))
	return nil
}

// readVersion returns the version of a text such as 1.0, or 0 for an empty one. Another text is the
// version of nothing.
func readVersion(text string) Version {
	if text == "" {
		return 0
	}
	major, minor, _ := strings.Cut(text, ".")
	a, wrong := strconv.ParseUint(major, 10, 10)
	b, err := strconv.ParseUint(minor, 10, 10)
	if wrong != nil || err != nil {
		return -1
	}
	return Version(a*1000 + b)
}

// newID returns an id in the form of the published samples: 24 hexadecimal digits of the time in
// seconds and random bytes.
func newID(now wire.Time) string {
	var id [12]byte
	rand.Read(id[4:])
	binary.BigEndian.PutUint32(id[:], uint32(now.Std().Unix()))
	return hex.EncodeToString(id[:])
}

// newRuleID returns the id of a rule, in the form of the published samples: a UUID.
func newRuleID() string {
	var id [16]byte
	rand.Read(id[:])
	id[6], id[8] = id[6]&0x0f|0x40, id[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", id[:4], id[4:6], id[6:8], id[8:10], id[10:])
}
