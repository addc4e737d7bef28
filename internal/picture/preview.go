package picture

import (
	"bytes"
	"context"
	"image"
	"image/jpeg"
	"io"
	"runtime"

	"golang.org/x/image/draw"
)

// The limits of previews.
const (
	// PreviewWidth is the most pixels of a preview's width, as published.
	PreviewWidth = 600

	// MaxPreviewed is the most bytes of a picture of which a preview is made. The whole picture is
	// in memory meanwhile.
	MaxPreviewed = 16 << 20

	// quality is that of previews of photographs.
	quality = 82
)

// Drawn is a preview.
type Drawn struct {
	Data  []byte
	Type  string // its media type
	Width int    // pixels
}

// Preview draws a preview of a PNG, JPEG or GIF of size bytes: a PNG or JPEG that is at most
// PreviewWidth pixels wide and not larger than the picture. It waits for its turn until ctx ends,
// and reads the picture only then. The error is Unusable if the picture cannot be drawn within the
// limits of Make, or is larger than MaxPreviewed.
func (m *Maker) Preview(ctx context.Context, picture io.Reader, size int64) (Drawn, error) {
	if size > MaxPreviewed {
		return Drawn{}, Unusable("it is too large for a preview")
	}
	select {
	case m.turns <- struct{}{}:
		defer func() { <-m.turns }()
	case <-ctx.Done():
		return Drawn{}, ctx.Err()
	}
	data := make([]byte, size)
	if _, err := io.ReadFull(picture, data); err != nil {
		return Drawn{}, err
	}
	u, err := check(data)
	if err != nil {
		return Drawn{}, err
	}
	if err := m.memory.Acquire(ctx, u.bytes+size); err != nil {
		return Drawn{}, err
	}
	defer m.memory.Release(u.bytes + size)
	drawn, err := u.preview()
	if u.bytes >= large {
		runtime.GC() // otherwise the memory counts twice when the next one begins
	}
	return drawn, err
}

// preview draws the preview of an upload. The height is limited too: a preview of a narrow picture
// would otherwise be larger than the picture.
func (u upload) preview() (Drawn, error) {
	decoded, turned, err := u.decode()
	if err != nil {
		return Drawn{}, err
	}
	w, h := decoded.Bounds().Dx(), decoded.Bounds().Dy()
	wide, high := &w, &h
	if turned >= 5 { // the picture lies on its side
		wide, high = high, wide
	}
	if *wide > PreviewWidth {
		*wide, *high = PreviewWidth, max(1, *high*PreviewWidth / *wide)
	}
	if *high > MaxSide/4 {
		*wide, *high = max(1, *wide*(MaxSide/4) / *high), MaxSide/4
	}
	from := decoded.Bounds()
	smaller, part := shrink(decoded, from, shrinking(max(from.Dx(), from.Dy()), max(w, h)))
	to := image.NewRGBA(image.Rect(0, 0, w, h))
	draw.CatmullRom.Scale(to, to.Bounds(), smaller, part, draw.Src, nil)
	to = turned.apply(to)
	if !bytes.HasPrefix(u.data, []byte("\xff\xd8")) || !to.Opaque() {
		data, err := encode(to)
		return Drawn{data, "image/png", to.Bounds().Dx()}, err
	}
	var data bytes.Buffer
	err = jpeg.Encode(&data, to, &jpeg.Options{Quality: quality})
	return Drawn{data.Bytes(), "image/jpeg", to.Bounds().Dx()}, err
}

// Width returns the width of a PNG, JPEG or GIF in pixels, from its header. The error is Unusable
// if the data does not begin like such a picture within the limits of Make.
func Width(data []byte) (int, error) {
	header, _ := reader(data)
	if header == nil {
		return 0, Unusable("a PNG, JPEG or GIF is expected")
	}
	config, err := header(bytes.NewReader(data))
	if err != nil || config.Width < 1 || config.Width > MaxSide {
		return 0, Unusable("it is not a valid picture")
	}
	return config.Width, nil
}
