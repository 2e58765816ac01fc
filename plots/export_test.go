package plots

import "fmt"

// Difference returns the mean difference of two pictures' pixels.
var Difference = difference

// Tolerance is the largest mean difference of pixels allowed for the examples' pictures.
const Tolerance = 0.01

// Updating reports whether the flag -update asks to rewrite the pictures in testdata.
func Updating() bool { return *update }

// Clashes returns one message per label of a figure that overlaps another or leaves the
// figure.
func Clashes(figure any) []string {
	var c Curves
	switch f := figure.(type) {
	case Curves:
		c = f
	case Reliability:
		c = f.curves()
	case Scatter:
		var err error
		if c, err = f.curves(); err != nil {
			return []string{err.Error()}
		}
	case Pool:
		var err error
		if c, err = f.Curves(); err != nil {
			return []string{err.Error()}
		}
	default:
		return []string{fmt.Sprintf("%T: an unknown figure", figure)}
	}
	f, err := DefaultStyle().figure(c)
	if err != nil {
		return []string{err.Error()}
	}
	return clashes(f.layout)
}
