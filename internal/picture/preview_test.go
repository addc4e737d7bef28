package picture_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"image"
	"image/color"
	"math/rand/v2"
	"testing"

	"podium/internal/picture"
)

// noise returns a picture that compresses badly.
func noise(w, h int) *image.RGBA {
	img := image.NewRGBA(image.Rect(0, 0, w, h))
	r := rand.New(rand.NewPCG(1, 2))
	for i := range img.Pix {
		img.Pix[i] = byte(r.Uint32())
		if i%4 == 3 {
			img.Pix[i] = 255
		}
	}
	return img
}

func TestPreviews(t *testing.T) {
	t.Parallel()
	clear := quarters(1200, 300)
	clear.SetRGBA(5, 5, color.RGBA{})
	for name, c := range map[string]struct {
		data []byte
		kind string
		size image.Point
	}{
		"wide":                     {encoded(t, "png", quarters(1200, 300)), "image/png", image.Pt(600, 150)},
		"transparent":              {encoded(t, "png", clear), "image/png", image.Pt(600, 150)},
		"photograph":               {encoded(t, "jpeg", quarters(900, 1200)), "image/jpeg", image.Pt(600, 800)},
		"of more than 2 MB":        {encoded(t, "jpeg", noise(1800, 1800)), "image/jpeg", image.Pt(600, 600)},
		"small":                    {encoded(t, "gif", quarters(40, 30)), "image/gif", image.Pt(40, 30)},
		"as wide as a preview":     {encoded(t, "png", quarters(600, 10)), "image/png", image.Pt(600, 10)},
		"a line":                   {encoded(t, "png", quarters(8192, 1)), "image/png", image.Pt(600, 1)},
		"a line down":              {encoded(t, "png", quarters(1, 8192)), "image/png", image.Pt(1, 2048)},
		"tall":                     {encoded(t, "png", quarters(1536, 8192)), "image/png", image.Pt(384, 2048)},
		"on its side, as a camera": {withExif(encoded(t, "jpeg", quarters(1200, 300)), 6, binary.BigEndian), "image/jpeg", image.Pt(300, 1200)},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			drawn, err := maker.Preview(context.Background(), bytes.NewReader(c.data), int64(len(c.data)))
			if err != nil {
				t.Fatal(err)
			}
			config, kind, err := image.DecodeConfig(bytes.NewReader(drawn.Data))
			if err != nil {
				t.Fatal(err)
			}
			want := c.kind
			if want == "image/gif" {
				want = "image/png" // of a GIF, the first frame
			}
			if got := image.Pt(config.Width, config.Height); got != c.size || drawn.Width != c.size.X {
				t.Errorf("%v pixels, width %d, want %v", got, drawn.Width, c.size)
			}
			if drawn.Type != want || "image/"+kind != want {
				t.Errorf("type %s of a %s, want %s", drawn.Type, kind, want)
			}
			if width, err := picture.Width(c.data); err != nil || width < 1 {
				t.Errorf("width %d, %v", width, err)
			}
		})
	}
}

// TestPreviewsThatCannotBe checks that pictures beyond the limits are not decoded.
func TestPreviewsThatCannotBe(t *testing.T) {
	t.Parallel()
	good := encoded(t, "png", quarters(1200, 300))
	for name, data := range map[string][]byte{
		"10,000 pixels":        blankPNG(10_000, 10, 8, 0, false),
		"10,000 by 10,000":     blankPNG(10_000, 10_000, 1, 0, false),
		"a bomb of passes":     blankJPEG(64, 64, 3, 64, true),
		"a text":               []byte("hello"),
		"nothing":              {},
		"cut off":              good[:len(good)/2],
		"17 MB":                append(bytes.Clone(good), make([]byte, 17<<20)...),
		"a signature, no more": []byte("\x89PNG\r\n\x1a\n"),
	} {
		_, err := maker.Preview(context.Background(), bytes.NewReader(data), int64(len(data)))
		var unusable picture.Unusable
		if !errors.As(err, &unusable) {
			t.Errorf("%s: got %v", name, err)
		}
	}
	ended, end := context.WithCancel(context.Background())
	end()
	busy := picture.NewMaker(0) // no turn ever comes
	if _, err := busy.Preview(ended, bytes.NewReader(good), int64(len(good))); !errors.Is(err, context.Canceled) {
		t.Errorf("a client that has gone: %v", err)
	}
}
