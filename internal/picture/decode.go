package picture

import (
	"bytes"
	"fmt"
	"image"
	"image/gif"
	"image/jpeg"
	"image/png"

	"golang.org/x/image/draw"
)

// Limits of an upload.
const (
	// MaxBytes is what an upload must have less than ("Original image must be less than 2MB").
	MaxBytes = 2 << 20

	// MaxPixels is the most pixels that it may have: those of a common camera. A few bytes can
	// claim to be a picture of any size.
	MaxPixels = 4096 * 3072

	// maxScans is the most passes of a progressive JPEG. Cameras and programs make about ten; each takes
	// a few bytes, and a walk over the whole picture.
	maxScans = 64
)

// Unusable is why an upload cannot be used, as a client may read it.
type Unusable string

func (u Unusable) Error() string { return string(u) }

// decode reads a picture, a GIF's first one, and how it is to be turned.
func decode(data []byte) (image.Image, turn, error) {
	if len(data) >= MaxBytes {
		return nil, 0, Unusable("it is not less than 2 MB")
	}
	header, read := reader(data)
	if read == nil {
		return nil, 0, Unusable("a PNG, JPEG or GIF is expected")
	}
	config, err := header(bytes.NewReader(data))
	if err != nil {
		return nil, 0, Unusable("it is not a valid picture")
	}
	if w, h := config.Width, config.Height; w < 1 || h < 1 || w > MaxPixels/h {
		return nil, 0, Unusable(fmt.Sprintf("it has more than %d pixels, or none", MaxPixels))
	}
	decoded, err := read(bytes.NewReader(data))
	if err != nil {
		return nil, 0, Unusable("it is not a valid picture")
	}
	if frame := decoded.Bounds(); frame.Min != (image.Point{}) || frame.Dx() != config.Width || frame.Dy() != config.Height {
		whole := image.NewRGBA(image.Rect(0, 0, config.Width, config.Height)) // a GIF's first frame may be a part of it
		draw.Draw(whole, frame, decoded, frame.Min, draw.Src)
		decoded = whole
	}
	return decoded, turnOf(data), nil
}

// reader is what reads the header, and what reads the whole, of a picture by its first bytes. Both are
// nil for what is none.
func reader(data []byte) (func(*bytes.Reader) (image.Config, error), func(*bytes.Reader) (image.Image, error)) {
	switch {
	case bytes.HasPrefix(data, []byte("\x89PNG\r\n\x1a\n")):
		return func(r *bytes.Reader) (image.Config, error) { return png.DecodeConfig(r) },
			func(r *bytes.Reader) (image.Image, error) { return png.Decode(r) }
	case bytes.HasPrefix(data, []byte("\xff\xd8\xff")):
		if bytes.Count(data, []byte("\xff\xda")) > maxScans {
			return nil, nil
		}
		return func(r *bytes.Reader) (image.Config, error) { return jpeg.DecodeConfig(r) },
			func(r *bytes.Reader) (image.Image, error) { return jpeg.Decode(r) }
	case bytes.HasPrefix(data, []byte("GIF87a")), bytes.HasPrefix(data, []byte("GIF89a")):
		return func(r *bytes.Reader) (image.Config, error) { return gif.DecodeConfig(r) },
			func(r *bytes.Reader) (image.Image, error) { return gif.Decode(r) }
	}
	return nil, nil
}
