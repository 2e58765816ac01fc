package plots

import "gonum.org/v1/plot/vg"

// Space between and around texts.
const (
	gap     = 0.6  // space between a text and the part that it names, in type sizes
	leading = 1.25 // line height, in type sizes
)

// gap returns the space between a text and the part that it names.
func (s Style) gap() vg.Length { return vg.Length(gap * s.FontSize) }

// line returns the height of a line of text in the style's type size.
func (s Style) line() vg.Length { return lineHeight(s.FontSize) }

// textLabel returns a horizontal label with its lower left corner at a position.
func textLabel(text string, size float64, at vg.Point) label {
	box := vg.Rectangle{Min: at, Max: at.Add(vg.Point{X: textWidth(text, size), Y: lineHeight(size)})}
	return label{text: text, size: size, box: box}
}

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

// tag is a name beside the line that it names. If it is not right beside it, a hairline leads to it
// from a point of the line.
type tag struct {
	label
	line   int // index of the line; -1 for a level
	at     vg.Point
	leader bool
}
