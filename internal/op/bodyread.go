package op

import (
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"net/http"
	"os"
	"strings"

	"podium/internal/apierr"
	"podium/internal/front"
)

// readBody reads a request's body into a buffer and decompresses it. Neither the compressed nor the
// decompressed body may exceed limit. Package front reads and drops what is left unread.
func readBody(b *bytes.Buffer, f *Frame, x *exchange, limit int64) error {
	if x.r.ContentLength > limit {
		return apierr.TooLarge(limit)
	}
	var body io.Reader = http.MaxBytesReader(x.w, x.r.Body, limit)
	codings := x.r.Header[contentEncoding]
	if f.Bodies != nil && (x.r.ContentLength < 0 || x.r.ContentLength > smallBody || codings != nil) {
		body = &budgeted{body, f.Bodies, x, 0}
	}
	if codings == nil {
		_, err := b.ReadFrom(body)
		return bodyError(x, err, limit)
	}
	body, err := unpacked(body, codings)
	if err != nil || body == nil {
		return bodyError(x, err, limit)
	}
	if f.Bodies != nil {
		body = &budgeted{body, f.Bodies, x, 0}
	}
	n, err := b.ReadFrom(io.LimitReader(body, limit+1))
	if err == nil && n > limit {
		return apierr.TooLarge(limit)
	}
	return bodyError(x, err, limit)
}

// openBody returns a reader of a request's decompressed body, of at most limit bytes before and
// after; nil if the body is empty. What is read does not count against the node's budget.
func openBody(x *exchange, limit int64) (io.Reader, error) {
	if x.r.ContentLength > limit {
		return nil, apierr.TooLarge(limit)
	}
	body, err := unpacked(http.MaxBytesReader(x.w, x.r.Body, limit), x.r.Header[contentEncoding])
	if err != nil || body == nil || x.r.Header[contentEncoding] == nil {
		return body, err
	}
	return http.MaxBytesReader(x.w, io.NopCloser(body), limit), nil
}

// bodyError returns the client's error for a body that cannot be read; nil if err is nil.
func bodyError(x *exchange, err error, limit int64) error {
	if err == nil {
		return nil
	}
	var large *http.MaxBytesError
	var refused *apierr.Error
	switch {
	case errors.As(err, &refused):
		return refused
	case errors.As(err, &large):
		return apierr.TooLarge(limit)
	case errors.Is(err, os.ErrDeadlineExceeded):
		return apierr.TooSlow()
	case errors.Is(err, errPacked):
		return apierr.Invalid("The request body is not valid gzip, which its Content-Encoding says it is")
	case errors.Is(err, io.ErrUnexpectedEOF):
		return apierr.Invalid("The request body is shorter than its Content-Length")
	case x.r.Context().Err() != nil:
		return x.r.Context().Err()
	}
	return apierr.Invalid("The request body cannot be read")
}

// unpacked returns a reader of the decompressed body; nil if the body is empty.
func unpacked(body io.Reader, codings []string) (io.Reader, error) {
	if len(codings) == 0 {
		return body, nil
	}
	coding := strings.TrimSpace(strings.Join(codings, ","))
	switch strings.ToLower(coding) {
	case "", "identity":
		return body, nil
	case "gzip", "x-gzip":
	default:
		return nil, apierr.UnsupportedCoding(coding)
	}
	source := &sourceError{Reader: body}
	z, err := gzip.NewReader(source)
	switch {
	case err == io.EOF: // nothing at all
		return nil, nil
	case err != nil:
		return nil, source.or(err)
	}
	return &gunzipped{z, source}, nil
}

// errPacked is an error in compressed data, not of the connection.
var errPacked = errors.New("malformed gzip")

// gunzipped distinguishes errors of the compressed data from errors of its source.
type gunzipped struct {
	z      *gzip.Reader
	source *sourceError
}

func (g *gunzipped) Read(p []byte) (int, error) {
	n, err := g.z.Read(p)
	if err != nil && err != io.EOF {
		err = g.source.or(err)
	}
	return n, err
}

// sourceError keeps the error with which its reader ended.
type sourceError struct {
	io.Reader
	err error
}

func (s *sourceError) Read(p []byte) (int, error) {
	n, err := s.Reader.Read(p)
	if err != nil && err != io.EOF {
		s.err = err
	}
	return n, err
}

// or returns the error of the source or, if there was none, errPacked.
func (s *sourceError) or(error) error {
	if s.err != nil {
		return s.err
	}
	return errPacked
}

// budgeted counts what is read of a large body against the node's budget for all bodies.
type budgeted struct {
	io.Reader
	bodies *front.Budget
	x      *exchange
	read   int64
}

// smallBody is how many bytes of each body do not count against the budget.
const smallBody = 64 << 10

func (b *budgeted) Read(p []byte) (int, error) {
	n, err := b.Reader.Read(p)
	before := max(b.read-smallBody, 0)
	b.read += int64(n)
	if more := max(b.read-smallBody, 0) - before; more > 0 {
		if !b.bodies.Take(b.x.r, more) {
			return 0, apierr.Busy("Too many large requests at once, try again")
		}
		b.x.held += more
	}
	return n, err
}
