// Package picture turns uploads into the pictures of users, PNGs in a few sizes, and draws previews
// of pictures that are attached to messages. It draws a picture again, so that nothing but its look
// is kept: no location, no comment, no trailing data. It limits an upload before decoding it.
//
// Not inside: where pictures are kept, and who may see them.
package picture

import (
	"bytes"
	"context"
	"image"
	"image/png"
	"runtime"

	"golang.org/x/image/draw"
	"golang.org/x/sync/semaphore"
)

// Original is the size that keeps the proportions of the upload.
const Original = "orig"

// maxOriginal is the most pixels on a side of the Original.
const maxOriginal = 1024

// squares lists the other sizes with their pixels on a side, the largest first.
var squares = []struct {
	size   string
	pixels int
}{{"600", 600}, {"500", 500}, {"150", 150}, {"50", 50}}

// Maker makes pictures. It limits how many it makes at once, and the memory for them: a decoded
// picture can take more than a hundred megabytes.
type Maker struct {
	turns  chan struct{}
	memory *semaphore.Weighted
}

// NewMaker returns a Maker that makes at most n pictures at once within the memory budget.
func NewMaker(n int) *Maker {
	return &Maker{turns: make(chan struct{}, n), memory: semaphore.NewWeighted(budget)}
}

// Make returns PNGs of an uploaded PNG, JPEG or GIF by size. It waits for its turn until ctx ends.
// The error is Unusable if the upload cannot be used.
func (m *Maker) Make(ctx context.Context, data []byte) (map[string][]byte, error) {
	if len(data) >= MaxBytes {
		return nil, Unusable("it is not less than 2 MB")
	}
	u, err := check(data)
	if err != nil {
		return nil, err
	}
	select {
	case m.turns <- struct{}{}:
		defer func() { <-m.turns }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	if err := m.memory.Acquire(ctx, u.bytes); err != nil {
		return nil, err
	}
	defer m.memory.Release(u.bytes)
	pictures, err := u.draw()
	if u.bytes >= large {
		runtime.GC() // otherwise the memory counts twice when the next one begins
	}
	return pictures, err
}

// draw returns the PNGs of an upload by size.
func (u upload) draw() (map[string][]byte, error) {
	decoded, turned, err := u.decode()
	if err != nil {
		return nil, err
	}
	made := make(map[string][]byte, len(squares)+1)
	if made[Original], err = encode(turned.apply(fitted(decoded))); err != nil {
		return nil, err
	}
	area := centre(decoded.Bounds())
	from, area := shrink(decoded, area, shrinking(area.Dx(), squares[0].pixels))
	for i, s := range squares {
		square := image.NewRGBA(image.Rect(0, 0, s.pixels, s.pixels))
		draw.CatmullRom.Scale(square, square.Bounds(), from, area, draw.Src, nil)
		if i == 0 { // the others are made from this one, so that a large upload is read only once
			square = turned.apply(square)
			from, area = square, square.Bounds()
		}
		if made[s.size], err = encode(square); err != nil {
			return nil, err
		}
	}
	return made, nil
}

// fitted returns the picture, scaled down to at most maxOriginal on a side.
func fitted(from image.Image) *image.RGBA {
	w, h := from.Bounds().Dx(), from.Bounds().Dy()
	if longer := max(w, h); longer > maxOriginal {
		w, h = max(1, w*maxOriginal/longer), max(1, h*maxOriginal/longer)
	}
	to := image.NewRGBA(image.Rect(0, 0, w, h))
	smaller, part := shrink(from, from.Bounds(), shrinking(max(from.Bounds().Dx(), from.Bounds().Dy()), maxOriginal))
	draw.CatmullRom.Scale(to, to.Bounds(), smaller, part, draw.Src, nil)
	return to
}

// centre returns the largest square in the middle of a rectangle.
func centre(r image.Rectangle) image.Rectangle {
	side := min(r.Dx(), r.Dy())
	corner := r.Min.Add(image.Pt((r.Dx()-side)/2, (r.Dy()-side)/2))
	return image.Rectangle{Min: corner, Max: corner.Add(image.Pt(side, side))}
}

func encode(from image.Image) ([]byte, error) {
	var data bytes.Buffer
	err := png.Encode(&data, from)
	return data.Bytes(), err
}
