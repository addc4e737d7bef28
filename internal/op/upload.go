package op

import (
	"bytes"
	"crypto/sha256"
	"io"
	"os"

	"podium/internal/apierr"
)

// Upload is a file of a multipart form. It is valid until the operation has answered.
type Upload struct {
	Name string // without folders
	Type string // the media type that the client declares
	Size int64  // bytes
	Sum  [sha256.Size]byte

	small []byte   // the content of a small file
	large *os.File // the content of any other
}

// smallUpload is how many bytes of a file are kept in memory. A larger file goes to the disk.
const smallUpload = 64 << 10

// Open returns a reader of the content, from its beginning. Several may be open.
func (u Upload) Open() io.ReadSeeker {
	if u.large == nil {
		return bytes.NewReader(u.small)
	}
	return io.NewSectionReader(u.large, 0, u.Size)
}

// NewUpload returns an upload of a content in memory, for operations that get files in JSON.
func NewUpload(name string, content []byte) Upload {
	return Upload{Name: name, Size: int64(len(content)), Sum: sha256.Sum256(content), small: content}
}

// spoolError is a failure to keep an upload, which is not the client's fault.
type spoolError struct{ error }

// spool reads a file while it arrives, in memory or to a temporary file without a name. The
// exchange closes it after the answer; a node that dies leaves nothing behind.
func (x *exchange) spool(f *Frame, in io.Reader) (Upload, error) {
	sum := sha256.New()
	var head bytes.Buffer
	n, err := io.Copy(io.MultiWriter(&head, sum), io.LimitReader(in, smallUpload))
	if err != nil {
		return Upload{}, err
	}
	u := Upload{Size: n, small: head.Bytes()}
	if n == smallUpload {
		if u.large, err = f.temporary(); err != nil {
			return u, &spoolError{err}
		}
		x.spooled = append(x.spooled, u.large)
		if _, err := u.large.Write(u.small); err != nil {
			return u, &spoolError{err}
		}
		n, err := io.Copy(&spoolWriter{u.large, f, x}, io.TeeReader(in, sum))
		if u.Size += n; err != nil {
			return u, err
		}
		u.small = nil
	}
	sum.Sum(u.Sum[:0])
	return u, nil
}

// spoolWriter writes to a temporary file, as long as the node has room for uploads.
type spoolWriter struct {
	file *os.File
	f    *Frame
	x    *exchange
}

func (w *spoolWriter) Write(p []byte) (int, error) {
	if !w.f.Uploads.Take(w.x.r, int64(len(p))) {
		return 0, apierr.Busy("Too many large requests at once, try again")
	}
	w.x.uploaded += int64(len(p))
	n, err := w.file.Write(p)
	if err != nil {
		err = &spoolError{err}
	}
	return n, err
}

// temporary creates a temporary file without a name.
func (f *Frame) temporary() (*os.File, error) {
	file, err := os.CreateTemp(f.Spool, "podium-upload-")
	if err != nil {
		return nil, err
	}
	return file, os.Remove(file.Name())
}

// discard closes the uploads of an exchange.
func (x *exchange) discard(f *Frame) {
	for _, file := range x.spooled {
		_ = file.Close() // it was only read
	}
	f.Uploads.Return(x.r, x.uploaded)
}
