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
	// MaxBytes limits the picture of a user, which must be smaller ("Original image must be less
	// than 2MB").
	MaxBytes = 2 << 20

	// MaxPixels is the most pixels of an upload: those of a common camera. A few bytes can claim to
	// be a picture of any size.
	MaxPixels = 4096 * 3072

	// MaxSide is the most pixels on a side: those of a panorama. The cost of scaling grows with the
	// longer side of its input, whatever the area.
	MaxSide = 8192

	// maxScans is the most passes of a progressive JPEG. Cameras and programs write about ten. Each
	// pass takes only a few bytes of the upload, but decoding it visits the whole picture.
	maxScans = 64

	// maxWalked is the most pixels that all passes together visit: 16 passes over a picture of
	// MaxPixels.
	maxWalked = 16 * MaxPixels
)

// Unusable is the reason, for the client, why an upload cannot be used.
type Unusable string

func (u Unusable) Error() string { return string(u) }

// upload is a picture whose header has been read and checked against the limits.
type upload struct {
	data   []byte
	config image.Config
	read   func(*bytes.Reader) (image.Image, error)
	bytes  int64 // of memory, to decode and draw it
}

// check reads the header of a picture and checks it against the limits. It does not decode the
// picture. The error is Unusable.
func check(data []byte) (upload, error) {
	header, read := reader(data)
	if read == nil {
		return upload{}, Unusable("a PNG, JPEG or GIF is expected")
	}
	config, err := header(bytes.NewReader(data))
	if err != nil {
		return upload{}, Unusable("it is not a valid picture")
	}
	w, h := config.Width, config.Height
	switch {
	case w < 1 || h < 1 || w > MaxSide || h > MaxSide:
		return upload{}, Unusable(fmt.Sprintf("it has more than %d pixels on a side, or none", MaxSide))
	case w > MaxPixels/h:
		return upload{}, Unusable(fmt.Sprintf("it has more than %d pixels", MaxPixels))
	}
	if scans := scansOf(data); scans > maxScans || int64(scans)*int64(w)*int64(h) > maxWalked {
		return upload{}, Unusable("it comes in too many passes for its size")
	}
	bytes := decodedBytes(data, config)
	if bytes > maxDecoded {
		return upload{}, Unusable("it takes too much memory: fewer pixels, or fewer channels, are expected")
	}
	return upload{data: data, config: config, read: read, bytes: bytes + drawnBytes(w, h)}, nil
}

// decode decodes the picture, of a GIF the first frame, and returns how it must be turned.
func (u upload) decode() (image.Image, turn, error) {
	data, config := u.data, u.config
	decoded, err := u.read(bytes.NewReader(data))
	if err != nil {
		return nil, 0, Unusable("it is not a valid picture")
	}
	if frame := decoded.Bounds(); frame.Min != (image.Point{}) || frame.Dx() != config.Width || frame.Dy() != config.Height {
		// a GIF's first frame may cover only a part of the picture
		whole := image.NewRGBA(image.Rect(0, 0, config.Width, config.Height))
		draw.Draw(whole, frame, decoded, frame.Min, draw.Src)
		decoded = whole
	}
	return decoded, turnOf(data), nil
}

// reader returns the functions that read the header and the whole picture, chosen by its first
// bytes. Both are nil if the format is unknown.
func reader(data []byte) (func(*bytes.Reader) (image.Config, error), func(*bytes.Reader) (image.Image, error)) {
	switch {
	case bytes.HasPrefix(data, []byte("\x89PNG\r\n\x1a\n")):
		return func(r *bytes.Reader) (image.Config, error) { return png.DecodeConfig(r) },
			func(r *bytes.Reader) (image.Image, error) { return png.Decode(r) }
	case bytes.HasPrefix(data, []byte("\xff\xd8\xff")):
		return func(r *bytes.Reader) (image.Config, error) { return jpeg.DecodeConfig(r) },
			func(r *bytes.Reader) (image.Image, error) { return jpeg.Decode(r) }
	case bytes.HasPrefix(data, []byte("GIF87a")), bytes.HasPrefix(data, []byte("GIF89a")):
		return func(r *bytes.Reader) (image.Config, error) { return gif.DecodeConfig(r) },
			func(r *bytes.Reader) (image.Image, error) { return gif.Decode(r) }
	}
	return nil, nil
}

// scansOf returns the number of passes of a picture. It also counts those of thumbnails in a JPEG.
func scansOf(data []byte) int {
	if data[0] != 0xff {
		return 1
	}
	return bytes.Count(data, []byte("\xff\xda"))
}
