package dlp

import (
	"bytes"
	"context"
	"errors"
	"io"

	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"

	"podium/internal/pod/dlp/match"
)

const (
	// longAtOnce is how many contents that take long a node looks at at the same time, and longText
	// from how many bytes on a text does.
	longAtOnce, longText = 2, 16 << 10

	// blockSize is how many bytes of a file are looked at together. A block repeats the end of the
	// one before, so that an entry of several words is found wherever it is.
	blockSize, overlap = 256 << 10, 4 << 10

	// maxForExpressions is up to where regular expressions look at a file. They take up to a hundred
	// times as long as words.
	maxForExpressions = 256 << 10
)

// await waits until a content that takes long may be looked at. Call done afterwards.
func (s *Service) await(ctx context.Context, c Content) (done func(), err error) {
	long := len(c.Files) > 0
	for _, text := range c.Texts {
		long = long || len(text) >= longText
	}
	if !long {
		return func() {}, nil
	}
	select {
	case s.reading <- struct{}{}:
		return func() { <-s.reading }, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// inText returns what rules find in the text of a file: UTF-8, or UTF-16 with a byte order mark.
func inText(ctx context.Context, list []rule, f File) ([]Match, error) {
	content, err := f.Open()
	if err != nil {
		return nil, err
	}
	defer func() { _ = content.Close() }() // it was only read
	terms := make([][][]string, len(list))
	for i, r := range list {
		terms[i] = make([][]string, len(r.dictionaries))
	}
	looked := 0
	err = eachBlock(transform.NewReader(content, unicode.BOMOverride(transform.Nop)), func(block string) error {
		text := match.NewText(block)
		for i, r := range list {
			for j, d := range r.dictionaries {
				if ctx.Err() != nil {
					return ctx.Err()
				}
				if d.kind == Word || looked < maxForExpressions {
					terms[i][j] = union(terms[i][j], d.found.Find(text, r.limit()), r.limit())
				}
			}
		}
		looked += len(block)
		return nil
	})
	var matches []Match
	for i, r := range list {
		matches = append(matches, r.matches(terms[i])...)
	}
	return matches, err
}

// eachBlock calls do with a text in blocks that begin and end at white space, if there is any.
func eachBlock(text io.Reader, do func(block string) error) error {
	const spaces = " \t\r\n"
	buf := make([]byte, 0, blockSize)
	for {
		n, err := io.ReadFull(text, buf[len(buf):blockSize])
		buf = buf[:len(buf)+n]
		last := errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF)
		if err != nil && !last {
			return err
		}
		end := len(buf)
		if space := bytes.LastIndexAny(buf, spaces); !last && space > overlap {
			end = space
		}
		if err := do(string(buf[:end])); err != nil || last {
			return err
		}
		begin := end - overlap
		if space := bytes.IndexAny(buf[begin:end], spaces); space >= 0 {
			begin += space
		}
		buf = append(buf[:0], buf[begin:]...)
	}
}
