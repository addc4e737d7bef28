package picture

import (
	"image"
	"image/color"
)

// StandIn returns the PNG for a user without a picture: a head and shoulders.
func StandIn(pixels int) ([]byte, error) {
	back := color.RGBA{0x8f, 0xa3, 0xb8, 0xff}
	body := color.RGBA{0xe6, 0xec, 0xf2, 0xff}
	to := image.NewRGBA(image.Rect(0, 0, pixels, pixels))
	const fine = 4 // samples on a side of each pixel, for smooth edges
	for y := range pixels {
		for x := range pixels {
			inside := 0
			for sample := range fine * fine {
				u := (float64(x) + (float64(sample%fine)+.5)/fine) / float64(pixels)
				v := (float64(y) + (float64(sample/fine)+.5)/fine) / float64(pixels)
				if within(u, v, .5, .39, .19, .21) || within(u, v, .5, 1.02, .38, .36) {
					inside++
				}
			}
			to.SetRGBA(x, y, mix(back, body, inside, fine*fine))
		}
	}
	return encode(to)
}

// within reports whether a point is in the ellipse around (x, y).
func within(u, v, x, y, wide, high float64) bool {
	dx, dy := (u-x)/wide, (v-y)/high
	return dx*dx+dy*dy <= 1
}

func mix(a, b color.RGBA, part, whole int) color.RGBA {
	of := func(p, q uint8) uint8 { return uint8((int(p)*(whole-part) + int(q)*part) / whole) }
	return color.RGBA{of(a.R, b.R), of(a.G, b.G), of(a.B, b.B), 0xff}
}
