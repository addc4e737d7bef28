package picture_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"strings"
	"testing"

	"podium/internal/picture"
)

var maker = picture.NewMaker(2)

// quarters returns a picture with four quarters of different colours.
func quarters(w, h int) *image.RGBA {
	img := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			c := color.RGBA{A: 255}
			if x >= w/2 {
				c.R = 255
			}
			if y >= h/2 {
				c.B = 255
			}
			img.SetRGBA(x, y, c)
		}
	}
	return img
}

func encoded(t testing.TB, kind string, img image.Image) []byte {
	t.Helper()
	var data bytes.Buffer
	var err error
	switch kind {
	case "png":
		err = png.Encode(&data, img)
	case "jpeg":
		err = jpeg.Encode(&data, img, &jpeg.Options{Quality: 95})
	case "gif":
		err = gif.Encode(&data, img, nil)
	}
	if err != nil {
		t.Fatal(err)
	}
	return data.Bytes()
}

func made(t testing.TB, upload []byte) map[string]image.Image {
	t.Helper()
	pictures, err := maker.Make(context.Background(), upload)
	if err != nil {
		t.Fatal(err)
	}
	decoded := map[string]image.Image{}
	for size, data := range pictures {
		if decoded[size], err = png.Decode(bytes.NewReader(data)); err != nil {
			t.Fatalf("%s is no PNG: %v", size, err)
		}
	}
	return decoded
}

var sizes = map[string]int{"600": 600, "500": 500, "150": 150, "50": 50}

func checkSizes(t testing.TB, pictures map[string]image.Image, original image.Point) {
	t.Helper()
	if len(pictures) != 5 {
		t.Fatalf("%d sizes instead of 5", len(pictures))
	}
	for size, pixels := range sizes {
		if got := pictures[size].Bounds().Size(); got != image.Pt(pixels, pixels) {
			t.Errorf("size %s is %v", size, got)
		}
	}
	if got := pictures[picture.Original].Bounds().Size(); got != original {
		t.Errorf("the original is %v instead of %v", got, original)
	}
}

func TestSizes(t *testing.T) {
	if testing.Short() {
		t.Skip("slow: make test runs it")
	}
	t.Parallel()
	for _, kind := range []string{"png", "jpeg", "gif"} {
		for from, original := range map[image.Point]image.Point{
			{300, 200}: {300, 200}, {1, 1}: {1, 1}, {2048, 512}: {1024, 256}, {700, 1400}: {512, 1024}, {3000, 1}: {1024, 1},
		} {
			checkSizes(t, made(t, encoded(t, kind, quarters(from.X, from.Y))), original)
		}
	}
}

// TestLook checks that the square is cut from the middle and not mirrored.
func TestLook(t *testing.T) {
	t.Parallel()
	for _, kind := range []string{"png", "jpeg", "gif"} {
		small := made(t, encoded(t, kind, quarters(400, 200)))["50"]
		for at, want := range map[image.Point]color.RGBA{
			{5, 5}: {0, 0, 0, 255}, {45, 5}: {255, 0, 0, 255}, {5, 45}: {0, 0, 255, 255}, {45, 45}: {255, 0, 255, 255},
		} {
			if !near(small.At(at.X, at.Y), want) {
				t.Errorf("%s: at %v there is %v, not %v", kind, at, small.At(at.X, at.Y), want)
			}
		}
	}
}

func near(a, b color.Color) bool {
	r1, g1, b1, a1 := a.RGBA()
	r2, g2, b2, a2 := b.RGBA()
	for _, d := range []int{int(r1) - int(r2), int(g1) - int(g2), int(b1) - int(b2), int(a1) - int(a2)} {
		if d > 0x2800 || d < -0x2800 {
			return false
		}
	}
	return true
}

// TestTransparency checks that transparent parts stay transparent.
func TestTransparency(t *testing.T) {
	t.Parallel()
	img := image.NewNRGBA(image.Rect(0, 0, 100, 100))
	for size, p := range made(t, encoded(t, "png", img)) {
		if _, _, _, a := p.At(20, 20).RGBA(); a != 0 {
			t.Errorf("size %s is not transparent", size)
		}
	}
}

// TestAnimation checks a GIF whose first frame covers only a part of the picture. Other frames are
// ignored.
func TestAnimation(t *testing.T) {
	t.Parallel()
	frame := func(c color.Color, r image.Rectangle) *image.Paletted {
		p := image.NewPaletted(r, color.Palette{color.Transparent, c})
		for i := range p.Pix {
			p.Pix[i] = 1
		}
		return p
	}
	red, blue := color.RGBA{255, 0, 0, 255}, color.RGBA{0, 0, 255, 255}
	var data bytes.Buffer
	err := gif.EncodeAll(&data, &gif.GIF{
		Image: []*image.Paletted{frame(red, image.Rect(50, 0, 100, 100)), frame(blue, image.Rect(0, 0, 100, 100))},
		Delay: []int{1, 1}, Config: image.Config{Width: 100, Height: 100},
	})
	if err != nil {
		t.Fatal(err)
	}
	original := made(t, data.Bytes())[picture.Original]
	if _, _, _, a := original.At(10, 50).RGBA(); a != 0 || !near(original.At(90, 50), red) {
		t.Errorf("left %v, right %v", original.At(10, 50), original.At(90, 50))
	}
}

// TestTurned checks that the picture is turned as the camera was held, because the metadata that
// says so is not kept.
func TestTurned(t *testing.T) {
	if testing.Short() {
		t.Skip("slow: make test runs it")
	}
	t.Parallel()
	// The corners of the stored picture, in the order in which they are seen: top left, top right,
	// bottom left, bottom right.
	black, red, blue, pink := color.RGBA{0, 0, 0, 255}, color.RGBA{255, 0, 0, 255}, color.RGBA{0, 0, 255, 255}, color.RGBA{255, 0, 255, 255}
	seen := map[uint16][4]color.RGBA{
		1: {black, red, blue, pink}, 2: {red, black, pink, blue}, 3: {pink, blue, red, black}, 4: {blue, pink, black, red},
		5: {black, blue, red, pink}, 6: {blue, black, pink, red}, 7: {pink, red, blue, black}, 8: {red, pink, black, blue},
	}
	for orientation, corners := range seen {
		for _, order := range []binary.AppendByteOrder{binary.LittleEndian, binary.BigEndian} {
			pictures := made(t, withExif(encoded(t, "jpeg", quarters(200, 100)), orientation, order))
			size := image.Pt(200, 100)
			if orientation >= 5 {
				size = image.Pt(100, 200)
			}
			checkSizes(t, pictures, size)
			for _, p := range pictures {
				w, h := p.Bounds().Dx(), p.Bounds().Dy()
				for i, at := range []image.Point{{w / 8, h / 8}, {w * 7 / 8, h / 8}, {w / 8, h * 7 / 8}, {w * 7 / 8, h * 7 / 8}} {
					if !near(p.At(at.X, at.Y), corners[i]) {
						t.Errorf("orientation %d, %dx%d: corner %d is %v, not %v", orientation, w, h, i, p.At(at.X, at.Y), corners[i])
					}
				}
			}
		}
	}
}

func withExif(file []byte, orientation uint16, order binary.AppendByteOrder) []byte {
	tiff := []byte("II*\x00")
	if order.String() == "BigEndian" {
		tiff = []byte("MM\x00*")
	}
	tiff = order.AppendUint32(tiff, 8)
	tiff = order.AppendUint16(tiff, 1)
	tiff = order.AppendUint16(tiff, 0x0112)
	tiff = order.AppendUint16(tiff, 3)
	tiff = order.AppendUint32(tiff, 1)
	tiff = order.AppendUint16(tiff, orientation)
	tiff = append(tiff, 0, 0, 0, 0, 0, 0)
	segment := append([]byte("Exif\x00\x00"), tiff...)
	head := binary.BigEndian.AppendUint16([]byte{0xff, 0xd8, 0xff, 0xe1}, uint16(len(segment)+2))
	return append(append(head, segment...), file[2:]...)
}

func TestUnusable(t *testing.T) {
	t.Parallel()
	whole := encoded(t, "png", quarters(20, 20))
	huge := bytes.Clone(whole)
	binary.BigEndian.PutUint32(huge[16:], 50000)
	binary.BigEndian.PutUint32(huge[20:], 50000)
	binary.BigEndian.PutUint32(huge[29:], crc32.ChecksumIEEE(huge[12:29]))
	scans := encoded(t, "jpeg", quarters(8, 8))
	for range 100 {
		scans = append(scans, "\xff\xda\x00\x08\x01\x01\x00\x00\x3f\x00"...)
	}
	for name, upload := range map[string][]byte{
		"nothing": {}, "text": []byte("hello"), "SVG": []byte("<svg/>"), "cut": whole[:60], "huge": huge, "many scans": scans,
		"large": append(bytes.Clone(whole), make([]byte, picture.MaxBytes)...), "webp": []byte("RIFF\x00\x00\x00\x00WEBPVP8 "),
		"huge GIF": []byte("GIF89a\xff\xff\xff\xff\x00\x00\x00,"),
	} {
		var unusable picture.Unusable
		if _, err := maker.Make(context.Background(), upload); !errors.As(err, &unusable) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestFromText(t *testing.T) {
	t.Parallel()
	data := encoded(t, "png", quarters(30, 30))
	std, url := base64.StdEncoding.EncodeToString(data), base64.URLEncoding.EncodeToString(data)
	for name, text := range map[string]string{
		"plain": std, "URL": url, "no padding": strings.TrimRight(std, "="), "bytes of Python": "b'" + std + "'", "quoted": `b"` + std + `"`,
		"data URL": "data:image/png;base64," + std, "lines": std[:20] + "\r\n" + std[20:40] + "\n" + std[40:] + "\n",
	} {
		if got, err := picture.FromText(text); err != nil || !bytes.Equal(got, data) {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, text := range []string{"", "b''", "====", "data:image/png," + std, "a%b", "aaaaa", strings.Repeat("A", 3<<20)} {
		if _, err := picture.FromText(text); err == nil {
			t.Errorf("%.30q passes", text)
		}
	}
}

func TestGoneWhileWaiting(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := picture.NewMaker(0).Make(ctx, encoded(t, "png", quarters(30, 30))); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
}

func TestStandIn(t *testing.T) {
	t.Parallel()
	data, err := picture.StandIn(50)
	if err != nil {
		t.Fatal(err)
	}
	img, err := png.Decode(bytes.NewReader(data))
	if err != nil || img.Bounds().Size() != image.Pt(50, 50) || near(img.At(2, 2), img.At(25, 20)) {
		t.Errorf("%v", err)
	}
}

// FuzzUpload checks that any upload is refused with a reason or becomes five pictures of the right
// sizes.
func FuzzUpload(f *testing.F) {
	for _, kind := range []string{"png", "jpeg", "gif"} {
		f.Add(base64.StdEncoding.EncodeToString(encoded(f, kind, quarters(6, 3))))
	}
	f.Add("b'" + base64.StdEncoding.EncodeToString(withExif(encoded(f, "jpeg", quarters(3, 6)), 6, binary.LittleEndian)) + "'")
	f.Fuzz(func(t *testing.T, text string) {
		upload, err := picture.FromText(text)
		var unusable picture.Unusable
		if err != nil {
			if !errors.As(err, &unusable) {
				t.Fatal(err)
			}
			return
		}
		pictures, err := maker.Make(context.Background(), upload)
		if err != nil {
			if !errors.As(err, &unusable) {
				t.Fatal(err)
			}
			return
		}
		for size, pixels := range sizes {
			config, err := png.DecodeConfig(bytes.NewReader(pictures[size]))
			if err != nil || config.Width != pixels || config.Height != pixels {
				t.Fatalf("size %s: %v %v", size, config, err)
			}
		}
		if config, err := png.DecodeConfig(bytes.NewReader(pictures[picture.Original])); err != nil || config.Width > 1024 || config.Height > 1024 {
			t.Fatalf("the original: %v %v", config, err)
		}
	})
}
