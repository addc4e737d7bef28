// Package blob stores contents by their digests: the files that are attached to messages. A content
// has one name, its SHA-256, so storing it again changes nothing. Stores are a folder (OpenFolder)
// and a bucket of an S3-compatible server (OpenS3).
//
// Not inside: which contents are still needed. Package files knows.
package blob

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"math"
	"time"
)

// Sum is the SHA-256 of a content, and its name.
type Sum [sha256.Size]byte

// String returns the sum in hexadecimal digits.
func (s Sum) String() string { return hex.EncodeToString(s[:]) }

// ParseSum parses what String returns. Capitals and other lengths are refused: a content has one
// name.
func ParseSum(text string) (s Sum, err error) {
	if len(text) != hex.EncodedLen(len(s)) {
		return s, fmt.Errorf("%.80q is not a SHA-256", text)
	}
	n, err := hex.Decode(s[:], []byte(text))
	if err == nil && (n != len(s) || s.String() != text) {
		err = fmt.Errorf("%.80q is not a SHA-256", text)
	}
	return s, err
}

// Store keeps contents. Its methods may be called concurrently, and by several nodes for one store.
type Store interface {
	// Put stores a content of size bytes, which it reads from its beginning. When it returns, the
	// content is durable, or was stored before. It fails with ErrWrongSum for another content.
	Put(ctx context.Context, sum Sum, size int64, content io.ReadSeeker) error

	// Get returns a content and its size. It fails with ErrNone if there is none.
	Get(ctx context.Context, sum Sum) (content io.ReadSeekCloser, size int64, err error)

	// Delete removes a content. It succeeds if there is none.
	Delete(ctx context.Context, sum Sum) error

	// List calls found for each content, in the order of the names, until found fails.
	List(ctx context.Context, found func(Entry) error) error

	// Tidy removes what Puts that ended halfway before a time have left.
	Tidy(ctx context.Context, before time.Time) error
}

// Held is the time of the last use of a content that something other than a message needs: a time
// that never comes.
const Held int64 = math.MaxInt64

// InDoubt is the time of the last use of a content that a removed message named, and that perhaps
// another message names too.
const InDoubt int64 = -1

// Entry is a content in a store.
type Entry struct {
	Sum      Sum
	Size     int64
	Modified time.Time // when it was stored
}

// The errors of stores.
var (
	ErrNone     = errors.New("the blob store has no such content")
	ErrWrongSum = errors.New("the content is not the one that its name says")
)

// checked reads a content and computes its digest and size.
type checked struct {
	io.Reader
	hash hash.Hash
	size int64
}

func newChecked(content io.Reader) *checked { return &checked{Reader: content, hash: sha256.New()} }

func (c *checked) Read(p []byte) (int, error) {
	n, err := c.Reader.Read(p)
	c.hash.Write(p[:n])
	c.size += int64(n)
	return n, err
}

// is fails with ErrWrongSum if the content that was read is not the one named.
func (c *checked) is(sum Sum, size int64) error {
	if c.size != size || Sum(c.hash.Sum(nil)) != sum {
		return ErrWrongSum
	}
	return nil
}

// Verify reads a content to its end, and fails with ErrWrongSum if it is not the one named.
func Verify(content io.Reader, sum Sum, size int64) error {
	c := newChecked(content)
	if _, err := io.CopyBuffer(discard{}, c, make([]byte, copyBuffer)); err != nil {
		return err
	}
	return c.is(sum, size)
}

// copyBuffer is how many bytes of a content are in memory while it is copied.
const copyBuffer = 128 << 10

// discard is a writer without ReadFrom, so that io.CopyBuffer uses the buffer.
type discard struct{}

func (discard) Write(p []byte) (int, error) { return len(p), nil }

// Copy copies a content from one store to another. It fails with ErrWrongSum if the content was
// altered, and with ErrNone if there is none.
func Copy(ctx context.Context, from, to Store, sum Sum) error {
	content, size, err := from.Get(ctx, sum)
	if err != nil {
		return err
	}
	return errors.Join(to.Put(ctx, sum, size, content), content.Close())
}
