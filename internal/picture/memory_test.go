package picture_test

import (
	"bytes"
	"compress/zlib"
	"context"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"image"
	"image/color"
	"image/gif"
	"os"
	"os/exec"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"

	"podium/internal/picture"
)

// blankPNG returns a PNG of zeros: a few kilobytes for a picture of any size.
func blankPNG(w, h, depth, colour int, interlaced bool) []byte {
	channels := map[int]int{0: 1, 2: 3, 3: 1, 4: 2, 6: 4}[colour]
	bits := depth * channels
	type pass struct{ x, y, dx, dy int }
	passes := []pass{{0, 0, 1, 1}}
	if interlaced {
		passes = []pass{{0, 0, 8, 8}, {4, 0, 8, 8}, {0, 4, 4, 8}, {2, 0, 4, 4}, {0, 2, 2, 4}, {1, 0, 2, 2}, {0, 1, 1, 2}}
	}
	var packed bytes.Buffer
	z := zlib.NewWriter(&packed)
	for _, p := range passes {
		pw, ph := (w-p.x+p.dx-1)/p.dx, (h-p.y+p.dy-1)/p.dy
		if pw == 0 || ph == 0 {
			continue
		}
		row := make([]byte, 1+(pw*bits+7)/8)
		for range ph {
			z.Write(row)
		}
	}
	z.Close()
	file := []byte("\x89PNG\r\n\x1a\n")
	chunk := func(kind string, data []byte) {
		file = binary.BigEndian.AppendUint32(file, uint32(len(data)))
		from := len(file)
		file = append(append(file, kind...), data...)
		file = binary.BigEndian.AppendUint32(file, crc32.ChecksumIEEE(file[from:]))
	}
	header := binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32(nil, uint32(w)), uint32(h))
	header = append(header, byte(depth), byte(colour), 0, 0, 0)
	if interlaced {
		header[12] = 1
	}
	chunk("IHDR", header)
	if colour == 3 {
		chunk("PLTE", []byte{1, 2, 3, 4, 5, 6})
	}
	chunk("IDAT", packed.Bytes())
	chunk("IEND", nil)
	return file
}

// blankJPEG returns a JPEG of zeros with scans additional passes.
func blankJPEG(w, h, channels, scans int, progressive bool) []byte {
	file := []byte{0xff, 0xd8}
	segment := func(marker byte, data ...byte) {
		file = append(file, 0xff, marker)
		file = binary.BigEndian.AppendUint16(file, uint16(len(data)+2))
		file = append(file, data...)
	}
	if channels == 4 {
		segment(0xee, []byte("Adobe\x00\x64\x00\x00\x00\x00\x02")...)
	}
	segment(0xdb, append([]byte{0}, bytes.Repeat([]byte{1}, 64)...)...)
	frame := byte(0xc0)
	if progressive {
		frame = 0xc2
	}
	sof := []byte{8, byte(h >> 8), byte(h), byte(w >> 8), byte(w), byte(channels)}
	for i := range channels {
		sof = append(sof, byte(i+1), 0x11, 0)
	}
	segment(frame, sof...)
	one := append([]byte{1}, make([]byte, 15)...)             // one code, of one bit: 0
	segment(0xc4, append(append([]byte{0x00}, one...), 0)...) // a coefficient like the one before
	ac := byte(0)                                             // the end of a block
	if progressive {
		ac = 0xe0 // the end of 16,384 blocks and more
	}
	segment(0xc4, append(append([]byte{0x10}, one...), ac)...)
	blocks := ((w + 7) / 8) * ((h + 7) / 8)
	first := []byte{byte(channels)}
	for i := range channels {
		first = append(first, byte(i+1), 0)
	}
	last := byte(63)
	bits := blocks * channels * 2
	if progressive {
		last, bits = 0, blocks*channels
	}
	segment(0xda, append(first, 0, last, 0)...)
	file = append(file, make([]byte, bits/8+8)...)
	for n := range scans {
		segment(0xda, 1, byte(n%channels+1), 0, 1, 63, 0)
		file = append(file, make([]byte, (blocks/16384+1)*15/8+8)...)
	}
	return append(file, 0xff, 0xd9)
}

// blankGIF returns a GIF of so many frames, each a part of the picture.
func blankGIF(w, h, partW, partH, frames int) []byte {
	palette := color.Palette{color.Black, color.White}
	g := gif.GIF{Config: image.Config{Width: w, Height: h, ColorModel: palette}}
	for range frames {
		g.Image, g.Delay = append(g.Image, image.NewPaletted(image.Rect(0, 0, partW, partH), palette)), append(g.Delay, 1)
	}
	var file bytes.Buffer
	if err := gif.EncodeAll(&file, &g); err != nil {
		panic(err)
	}
	return file.Bytes()
}

// worst lists the uploads of less than 2 MB that take most memory: of the largest permitted size,
// in each format that needs more memory than others.
var worst = []struct {
	name string
	make func() []byte
	used bool // true: it is drawn; false: it is refused by its header
}{
	{"PNG 4096x3072, grey", func() []byte { return blankPNG(4096, 3072, 8, 0, false) }, true},
	{"PNG 4096x3072, 1 bit", func() []byte { return blankPNG(4096, 3072, 1, 0, false) }, true},
	{"PNG 4096x3072, palette", func() []byte { return blankPNG(4096, 3072, 8, 3, false) }, true},
	{"PNG 4096x3072, 16 bits, alpha", func() []byte { return blankPNG(4096, 3072, 16, 6, false) }, true},
	{"PNG 4096x3072, 16 bits, alpha, interlaced", func() []byte { return blankPNG(4096, 3072, 16, 6, true) }, true},
	{"PNG 4096x3072, 16 bits, interlaced", func() []byte { return blankPNG(4096, 3072, 16, 2, true) }, true},
	{"PNG 4096x3072, alpha, interlaced", func() []byte { return blankPNG(4096, 3072, 8, 6, true) }, true},
	{"PNG 4096x3072, grey 16 bits, interlaced", func() []byte { return blankPNG(4096, 3072, 16, 4, true) }, true},
	{"PNG 8192x1536, 16 bits, alpha, interlaced", func() []byte { return blankPNG(8192, 1536, 16, 6, true) }, true},
	{"PNG 1536x8192, 16 bits, alpha, interlaced", func() []byte { return blankPNG(1536, 8192, 16, 6, true) }, true},
	{"PNG 1x8192, 16 bits, alpha", func() []byte { return blankPNG(1, 8192, 16, 6, false) }, true},
	{"JPEG 4096x3072", func() []byte { return blankJPEG(4096, 3072, 3, 0, false) }, true},
	{"JPEG 4096x3072, CMYK", func() []byte { return blankJPEG(4096, 3072, 4, 0, false) }, true},
	{"JPEG 4096x3072, progressive, 4 passes", func() []byte { return blankJPEG(4096, 3072, 3, 3, true) }, true},
	{"JPEG 4096x3072, progressive, 16 passes", func() []byte { return blankJPEG(4096, 3072, 3, 15, true) }, true},
	{"JPEG 1536x8192, progressive, 16 passes", func() []byte { return blankJPEG(1536, 8192, 3, 15, true) }, true},
	{"JPEG 3344x3344, CMYK, progressive, 16 passes", func() []byte { return blankJPEG(3344, 3344, 4, 15, true) }, true},
	{"GIF 4096x3072", func() []byte { return blankGIF(4096, 3072, 4096, 3072, 1) }, true},
	{"GIF 4096x3072, its first picture a part", func() []byte { return blankGIF(4096, 3072, 4095, 3072, 1) }, true},
	{"GIF 2048x1024, 400 pictures", func() []byte { return blankGIF(2048, 1024, 2048, 1024, 400) }, true},

	{"PNG 1x12582912", func() []byte { return blankPNG(1, 12_582_912, 8, 0, false) }, false},
	{"PNG 12582912x1", func() []byte { return blankPNG(12_582_912, 1, 8, 0, false) }, false},
	{"PNG 6000000x2", func() []byte { return blankPNG(6_000_000, 2, 8, 0, false) }, false},
	{"PNG 8193x1", func() []byte { return blankPNG(8193, 1, 8, 0, false) }, false},
	{"PNG 1x8193", func() []byte { return blankPNG(1, 8193, 16, 6, true) }, false},
	{"PNG 4097x3072", func() []byte { return blankPNG(4097, 3072, 16, 6, true) }, false},
	{"JPEG 65500x1", func() []byte { return blankJPEG(65500, 1, 3, 0, false) }, false},
	{"JPEG 1x65500, progressive", func() []byte { return blankJPEG(1, 65500, 4, 3, true) }, false},
	{"JPEG 4096x3072, CMYK, progressive", func() []byte { return blankJPEG(4096, 3072, 4, 3, true) }, false},
	{"JPEG 4096x3072, progressive, 17 passes", func() []byte { return blankJPEG(4096, 3072, 3, 16, true) }, false},
	{"JPEG 64x64, progressive, 65 passes", func() []byte { return blankJPEG(64, 64, 3, 64, true) }, false},
	{"GIF 65535x1", func() []byte { return blankGIF(65535, 1, 65535, 1, 1) }, false},
}

const (
	// childOf is the environment variable that makes this program draw one of the worst uploads and
	// print its memory.
	childOf = "PODIUM_PICTURE"

	// mostMB is the most that drawing one may take, in addition to a program that draws nothing.
	mostMB = 400
)

func TestMain(m *testing.M) {
	if name := os.Getenv(childOf); name != "" {
		os.Exit(drawOne(name))
	}
	os.Exit(m.Run())
}

func drawOne(name string) int {
	i := slices.IndexFunc(worst, func(w struct {
		name string
		make func() []byte
		used bool
	}) bool {
		return w.name == name
	})
	var upload []byte
	if i >= 0 {
		data, err := os.ReadFile(os.Getenv(childOf + "_FILE"))
		if err != nil {
			return 2
		}
		upload = data
		_, err = picture.NewMaker(2).Make(context.Background(), upload)
		if (err == nil) != worst[i].used {
			fmt.Println(err)
			return 3
		}
	}
	fmt.Println(peakMB())
	return 0
}

// peakMB returns the peak memory of this program.
func peakMB() int {
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return int(m.Sys >> 20)
	}
	_, rest, _ := strings.Cut(string(status), "VmHWM:")
	kb, _ := strconv.Atoi(strings.Fields(rest)[0])
	return kb >> 10
}

// TestPeakOfTheWorstUploads draws each of the worst uploads in its own process, which reports its
// peak memory. -v prints the table in docs/performance.md.
func TestPeakOfTheWorstUploads(t *testing.T) {
	if testing.Short() {
		t.Skip("slow: make test runs it")
	}
	t.Parallel()
	nothing := child(t, "nothing", nil)
	for _, w := range worst {
		upload := w.make()
		if len(upload) >= picture.MaxBytes {
			t.Fatalf("%s: %d bytes are too many to tell anything", w.name, len(upload))
		}
		took := child(t, w.name, upload) - nothing
		t.Logf("| %s | %d KB | %d MB |", w.name, len(upload)>>10, took)
		most := mostMB
		if !w.used {
			most = 16 // it is not decoded
		}
		if took > most {
			t.Errorf("%s took %d MB", w.name, took)
		}
	}
}

func child(t *testing.T, name string, upload []byte) int {
	t.Helper()
	file := t.TempDir() + "/upload"
	if err := os.WriteFile(file, upload, 0o600); err != nil {
		t.Fatal(err)
	}
	command := exec.Command(os.Args[0])
	command.Env = append(os.Environ(), childOf+"="+name, childOf+"_FILE="+file)
	out, err := command.Output()
	if err != nil {
		t.Fatalf("%s: %v: %s", name, err, out)
	}
	n, err := strconv.Atoi(strings.TrimSpace(string(out)))
	if err != nil {
		t.Fatalf("%s: %s", name, out)
	}
	return n
}

// TestManyAtOnce checks that concurrent uploads wait rather than exceed the budget, and that each
// is drawn in the end.
func TestManyAtOnce(t *testing.T) {
	if testing.Short() {
		t.Skip("slow: make test runs it")
	}
	t.Parallel()
	upload := blankPNG(700, 700, 16, 6, true)
	m := picture.NewMaker(8)
	done := make(chan error)
	for range 12 {
		go func() {
			_, err := m.Make(context.Background(), upload)
			done <- err
		}()
	}
	for range 12 {
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
}
