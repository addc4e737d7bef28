// Package passwords hashes what is stored of passwords. A client derives a text from a password, as
// published; the pod stores only an argon2id hash of that text, because the derivation is cheap to
// guess by.
package passwords

import (
	"context"
	"crypto/pbkdf2"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"fmt"
	"runtime"
	"strings"

	"golang.org/x/crypto/argon2"
)

// The published derivation.
const (
	rounds  = 10_000
	keySize = 32 // bytes
)

// The cost of argon2id: the least that OWASP recommends. It takes 19 MiB of memory for about a
// fiftieth of a second.
const (
	memory  = 19 << 10 // KiB
	passes  = 2
	threads = 1
)

// The largest costs of stored hashes that are accepted.
const (
	mostMemory = 256 << 10 // KiB
	mostPasses = 16
)

// places bounds the memory of all hashes that are made at the same time in this process.
var places = make(chan struct{}, max(2, runtime.GOMAXPROCS(0)))

// Derive returns the text that clients derive from a password and a salt: PBKDF2 with HMAC-SHA-256,
// 10,000 rounds and 256 bits, in base64. The salt is base64; a text that is not counts by its
// bytes.
func Derive(password, salt string) string {
	bytes, err := decode(salt)
	if err != nil {
		bytes = []byte(salt)
	}
	key, err := pbkdf2.Key(sha256.New, password, bytes, rounds, keySize)
	if err != nil {
		panic(err) // the sizes are wrong
	}
	return base64.StdEncoding.EncodeToString(key)
}

// normal returns a derived text in the spelling of Derive.
func normal(derived string) string {
	if bytes, err := decode(derived); err == nil {
		return base64.StdEncoding.EncodeToString(bytes)
	}
	return derived
}

// decode accepts all alphabets of base64, with and without padding.
func decode(text string) ([]byte, error) {
	text = strings.TrimRight(text, "=")
	return base64.RawStdEncoding.DecodeString(strings.NewReplacer("-", "+", "_", "/").Replace(text))
}

const prefix = "$argon2id$"

// IsSealed reports whether a stored text is a hash of Seal.
func IsSealed(stored string) bool { return strings.HasPrefix(stored, prefix) }

// Seal returns the argon2id hash of a derived text in the usual notation:
// $argon2id$v=19$m=19456,t=2,p=1$SALT$HASH. It waits while too many hashes are made.
func Seal(derived string) string {
	salt := make([]byte, 16)
	rand.Read(salt) // never fails
	places <- struct{}{}
	defer func() { <-places }()
	sum := argon2.IDKey([]byte(normal(derived)), salt, passes, memory, threads, keySize)
	return fmt.Sprintf("%sv=%d$m=%d,t=%d,p=%d$%s$%s", prefix, argon2.Version, memory, passes, threads,
		base64.RawStdEncoding.EncodeToString(salt), base64.RawStdEncoding.EncodeToString(sum))
}

// decoy is the hash with which Match compares if nothing is stored. No text has it.
var decoy = fmt.Sprintf("%sv=%d$m=%d,t=%d,p=%d$%s$%s", prefix, argon2.Version, memory, passes, threads,
	base64.RawStdEncoding.EncodeToString(make([]byte, 16)), base64.RawStdEncoding.EncodeToString(make([]byte, keySize)))

// DecoySalt is a salt for names that have none, so that a refusal takes as long as any other.
const DecoySalt = "AAAAAAAAAAAAAAAAAAAAAA=="

// Match reports whether stored was made from a derived text: by Seal, or, by an older podium, not
// at all. An empty text matches nothing. All answers take the same work.
func Match(ctx context.Context, stored, derived string) (bool, error) {
	hash := stored
	if !IsSealed(stored) {
		hash = decoy
	}
	var version, m, t, p int
	fields := strings.Split(hash, "$")
	if len(fields) != 6 {
		return false, fmt.Errorf("a stored password has %d parts", len(fields))
	}
	if _, err := fmt.Sscanf(fields[2]+" "+fields[3], "v=%d m=%d,t=%d,p=%d", &version, &m, &t, &p); err != nil {
		return false, fmt.Errorf("a stored password: %w", err)
	}
	salt, err := base64.RawStdEncoding.DecodeString(fields[4])
	if err != nil {
		return false, fmt.Errorf("a stored password: %w", err)
	}
	sum, err := base64.RawStdEncoding.DecodeString(fields[5])
	if err != nil || len(sum) != keySize {
		return false, fmt.Errorf("a stored password: a hash of %d bytes: %w", len(sum), err)
	}
	if version != argon2.Version || m < 8 || m > mostMemory || t < 1 || t > mostPasses || p < 1 || p > 16 {
		return false, fmt.Errorf("a stored password has the unknown costs %s %s", fields[2], fields[3])
	}
	select {
	case places <- struct{}{}:
		defer func() { <-places }()
	case <-ctx.Done():
		return false, ctx.Err()
	}
	got := argon2.IDKey([]byte(normal(derived)), salt, uint32(t), uint32(m), uint8(p), keySize)
	same := subtle.ConstantTimeCompare(got, sum) == 1
	if !IsSealed(stored) {
		return stored != "" && subtle.ConstantTimeCompare([]byte(normal(stored)), []byte(normal(derived))) == 1, nil
	}
	return same, nil
}
