package picture

import (
	"encoding/binary"
	"image"
	"image/color"
)

// Limits of the memory, in bytes, that drawing takes, as estimated from the headers of uploads.
const (
	// maxDecoded limits one decoded upload. A photograph of MaxPixels takes 40 MB; with 16 bits a
	// channel 100 MB; as a progressive JPEG 190 MB.
	maxDecoded = 256 << 20

	// budget limits all uploads that are drawn at the same time. An upload that needs more than is
	// left waits.
	budget = 384 << 20

	// large is the size from which the memory of an upload is freed before the next one begins.
	large = 64 << 20
)

// decodedBytes returns an upper bound of the memory that decoding an upload takes.
func decodedBytes(data []byte, c image.Config) int64 {
	pixels := int64(c.Width) * int64(c.Height)
	switch data[0] {
	case 0x89: // PNG
		bytes := pixels * pngPixel(c.ColorModel)
		if len(data) > interlace && data[interlace] != 0 {
			bytes *= 2 // each pass is a picture, and the whole is put together from them
		}
		return bytes
	case 0xff: // JPEG
		channels := int64(3)
		switch c.ColorModel {
		case color.GrayModel:
			channels = 1
		case color.CMYKModel:
			channels = 4
		}
		bytes := pixels * channels
		if channels == 4 {
			bytes *= 2 // black is applied to a copy
		}
		if progressive(data) {
			bytes += pixels * channels * 4 // coefficients, until the last pass
		}
		return bytes
	}
	// GIF: an index for each pixel; a colour for each if the first frame covers only a part
	return pixels * 5
}

// interlace is the offset in a PNG's header of the byte that says whether it is interlaced.
const interlace = 28

func pngPixel(model color.Model) int64 {
	switch model {
	case color.NRGBA64Model, color.RGBA64Model:
		return 8
	case color.NRGBAModel, color.RGBAModel:
		return 4
	case color.Gray16Model:
		return 2
	case color.GrayModel:
		return 1
	}
	return 1 // a palette
}

// drawnBytes returns an upper bound of the memory that drawing the sizes of a decoded picture
// takes: the new pictures and the scaler's floating-point rows.
func drawnBytes(w, h int) int64 {
	k := shrinking(max(w, h), maxOriginal)
	w, h = w/k+1, h/k+1
	to := int64(min(maxOriginal, max(w, h)))
	return int64(w)*int64(h)*4 + to*int64(h)*scalerPixel + 16<<20
}

// scalerPixel is how many bytes the scaler of x/image keeps for a pixel between its two passes.
const scalerPixel = 32

// progressive reports whether a JPEG is stored in passes.
func progressive(data []byte) bool { return frameOf(data) == 0xc2 }

// frameOf returns the marker of a JPEG's frame, 0 if there is none.
func frameOf(data []byte) byte {
	for at := 2; at+4 <= len(data); {
		if data[at] != 0xff {
			return 0
		}
		marker := data[at+1]
		switch {
		case marker == 0xff: // padding
			at++
			continue
		case marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc:
			return marker
		case marker == 0xda:
			return 0
		case marker == 0x01 || marker >= 0xd0 && marker <= 0xd8: // they have no length
			at += 2
			continue
		}
		at += 2 + int(binary.BigEndian.Uint16(data[at+2:]))
	}
	return 0
}
