package picture

import (
	"image"
	"image/color"
)

// shrinking returns the factor by which a side is divided before the scaler brings it to its size.
// The result is at least four thirds of the size, so that the scaler determines every edge.
func shrinking(side, size int) int { return max(1, side*3/(4*size)) }

// shrink returns a part of a picture with each k by k pixels replaced by their mean. It takes no
// memory beside the result, while the scaler's memory grows with its input.
func shrink(from image.Image, part image.Rectangle, k int) (image.Image, image.Rectangle) {
	if k == 1 {
		return from, part
	}
	size := image.Rect(0, 0, (part.Dx()+k-1)/k, (part.Dy()+k-1)/k)
	to := image.NewRGBA(size)
	at := pixels(from)
	for y := range size.Dy() {
		top := part.Min.Y + y*k
		bottom := min(top+k, part.Max.Y)
		for x := range size.Dx() {
			left := part.Min.X + x*k
			right := min(left+k, part.Max.X)
			var r, g, b, a uint32
			for j := top; j < bottom; j++ {
				for i := left; i < right; i++ {
					c := at.RGBA64At(i, j)
					r, g, b, a = r+uint32(c.R>>8), g+uint32(c.G>>8), b+uint32(c.B>>8), a+uint32(c.A>>8)
				}
			}
			n := uint32((bottom - top) * (right - left))
			pixel := to.Pix[to.PixOffset(x, y):][:4]
			pixel[0], pixel[1], pixel[2], pixel[3] = uint8((r+n/2)/n), uint8((g+n/2)/n), uint8((b+n/2)/n), uint8((a+n/2)/n)
		}
	}
	return to, size
}

// pixels returns a picture that returns its colours as RGBA64. All decoded pictures do already.
func pixels(from image.Image) image.RGBA64Image {
	if p, ok := from.(image.RGBA64Image); ok {
		return p
	}
	return anyPixels{from}
}

// anyPixels adapts a picture that returns its colours only as color.Color.
type anyPixels struct{ image.Image }

func (p anyPixels) RGBA64At(x, y int) color.RGBA64 {
	r, g, b, a := p.At(x, y).RGBA()
	return color.RGBA64{R: uint16(r), G: uint16(g), B: uint16(b), A: uint16(a)}
}
