package picture

import (
	"bytes"
	"encoding/binary"
	"image"
)

// turn is how a camera was held: the value 1 to 8 of the Exif tag Orientation, 0 if absent. Since
// metadata is not kept, the picture itself is turned.
type turn uint16

// turnOf returns the turn in a JPEG's Exif segment, 0 if that is malformed.
func turnOf(data []byte) turn {
	if !bytes.HasPrefix(data, []byte("\xff\xd8")) {
		return 0
	}
	for data = data[2:]; len(data) >= 4 && data[0] == 0xff; {
		length := int(binary.BigEndian.Uint16(data[2:]))
		if data[1] == 0xda || length < 2 || len(data) < 2+length {
			return 0 // the picture data begins
		}
		if segment, ok := bytes.CutPrefix(data[4:2+length], []byte("Exif\x00\x00")); ok && data[1] == 0xe1 {
			return orientation(segment)
		}
		data = data[2+length:]
	}
	return 0
}

// orientation reads the tag from the first directory of a TIFF.
func orientation(tiff []byte) turn {
	var order binary.ByteOrder
	switch {
	case bytes.HasPrefix(tiff, []byte("II*\x00")):
		order = binary.LittleEndian
	case bytes.HasPrefix(tiff, []byte("MM\x00*")):
		order = binary.BigEndian
	}
	if order == nil || len(tiff) < 8 {
		return 0
	}
	at := order.Uint32(tiff[4:])
	if uint64(at)+2 > uint64(len(tiff)) {
		return 0
	}
	entries := tiff[at+2:]
	for range order.Uint16(tiff[at:]) {
		if len(entries) < 12 {
			return 0
		}
		if order.Uint16(entries) == 0x0112 {
			if t := turn(order.Uint16(entries[8:])); t >= 1 && t <= 8 {
				return t
			}
			return 0
		}
		entries = entries[12:]
	}
	return 0
}

// apply returns the picture, turned as the camera saw it.
func (t turn) apply(from *image.RGBA) *image.RGBA {
	if t <= 1 {
		return from
	}
	w, h := from.Bounds().Dx(), from.Bounds().Dy()
	size := image.Rect(0, 0, w, h)
	if t >= 5 {
		size = image.Rect(0, 0, h, w)
	}
	to := image.NewRGBA(size)
	for y := range h {
		for x := range w {
			toX, toY := t.place(x, y, w, h)
			copy(to.Pix[to.PixOffset(toX, toY):][:4], from.Pix[from.PixOffset(x, y):][:4])
		}
	}
	return to
}

// place returns the coordinates to which a pixel of a picture of w by h moves.
func (t turn) place(x, y, w, h int) (int, int) {
	switch t {
	case 2:
		return w - 1 - x, y
	case 3:
		return w - 1 - x, h - 1 - y
	case 4:
		return x, h - 1 - y
	case 5:
		return y, x
	case 6:
		return h - 1 - y, x
	case 7:
		return h - 1 - y, w - 1 - x
	case 8:
		return y, w - 1 - x
	}
	return x, y
}
