package plots

import "gonum.org/v1/plot/vg"

// Space between and around texts.
const (
	gap     = 6    // space between a text and the part that it names, in points
	leading = 1.25 // line height, in type sizes
)

// label is one line of text and the box that it fills. The text starts at the lower left
// corner of the box and runs right or, if up is true, upwards.
type label struct {
	text string
	size float64
	up   bool
	box  vg.Rectangle
}

// lineHeight returns the height of a line of text in a type size.
func lineHeight(size float64) vg.Length { return vg.Length(leading * size) }
