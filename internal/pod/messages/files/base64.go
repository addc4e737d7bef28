package files

import (
	"context"
	"encoding/base64"
	"errors"
	"io"

	"podium/internal/op"
)

// copyBuffer is how many bytes of a file are in memory while it is sent: a multiple of 3, so that
// all pieces of Base64 but the last are whole.
const copyBuffer = 48 << 10

// Base64 returns the content of a file in Base64.
func (s *Service) Base64(ctx context.Context, sha256 string) (op.Download, error) {
	content, size, err := s.Open(ctx, sha256)
	if err != nil {
		return op.Download{}, err
	}
	return op.Download{
		Size:  (size + 2) / 3 * 4,
		Close: content.Close,
		Write: func(w io.Writer) error {
			encoder := base64.NewEncoder(base64.StdEncoding, w)
			_, err := io.CopyBuffer(encoder, onlyReader{content}, make([]byte, copyBuffer))
			return errors.Join(err, encoder.Close())
		},
	}, nil
}

// onlyReader hides the WriteTo of a content, which would not use the buffer.
type onlyReader struct{ io.Reader }
